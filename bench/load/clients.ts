import type { DispatchOptions, System } from '../systems/system.ts'
import { channelIdIn, type HttpConnection, openHttp } from './http-connection.ts'
import { type OnFrame, openWatcher, textIn, type Watcher } from './watcher.ts'

export interface Client {
  readonly http: HttpConnection
  readonly watcher: Watcher
}

/** Clients that each have a keep-alive HTTP connection and a WebSocket, which they reuse. */
export interface Clients {
  readonly all: readonly Client[]
  /** Lets the clients dispatch and watch to the end, one run at a time each, until `count` runs have ended. */
  runs(count: number, options: DispatchOptions, onFrame?: OnFrame): Promise<void>
  /** Lets the clients dispatch only. */
  dispatches(count: number, options: DispatchOptions): Promise<void>
  close(): void
}

export async function openClients(system: System, count: number): Promise<Clients> {
  const all = await Promise.all(
    Array.from({ length: count }, async () => ({
      http: await openHttp(system.url),
      watcher: await openWatcher(system),
    })),
  )
  const spread = async (total: number, act: (client: Client) => Promise<unknown>) => {
    let left = total
    await Promise.all(
      all.map(async (client) => {
        while (left-- > 0) await act(client)
      }),
    )
  }
  return {
    all,
    runs(count, options, onFrame) {
      const body = system.dispatchBody(options)
      return spread(count, async ({ http, watcher }) => watcher.watch(channelIdIn(await http.post(body)), onFrame))
    },
    dispatches(count, options) {
      const body = system.dispatchBody(options)
      return spread(count, async ({ http }) => channelIdIn(await http.post(body)))
    },
    close() {
      for (const { http, watcher } of all) {
        http.close()
        watcher.close()
      }
    },
  }
}

/** Performs one run and checks everything, so that later measurements need not. Returns the number of frames. */
export async function verifyRun({ http, watcher }: Client, system: System, words: number): Promise<number> {
  let text = ''
  let frames = 0
  const channelId = channelIdIn(await http.post(system.dispatchBody({ model: `demo/delayMs=0/words=${words}` })))
  await watcher.watch(channelId, (frame) => {
    frames += 1
    text += textIn(frame) ?? ''
  })
  const count = text.split(/\s+/).filter((word) => word !== '').length
  if (count !== words) throw new Error(`${system.name} delivered ${count} words of ${words}: ${text.slice(0, 200)}`)
  return frames
}
