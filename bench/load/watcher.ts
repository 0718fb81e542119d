import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { System } from '../systems/system.ts'

export type OnFrame = (frame: Buffer) => void

/** A client that speaks graphql-transport-ws on one socket and parses nothing. */
export interface Watcher {
  /** Follows a channel to its end. Rejects on an error message, when the socket closes, or after `patienceMs`. */
  watch(channelId: string, onFrame?: OnFrame, after?: string): Promise<void>
  /** Subscribes without waiting. */
  begin(channelId: string): void
  close(): void
}

export async function openWatcher(system: System, patienceMs = 120_000): Promise<Watcher> {
  const socket = new WebSocket(system.wsUrl, 'graphql-transport-ws', {
    perMessageDeflate: false,
    skipUTF8Validation: true,
  })
  await once(socket, 'open')
  const acknowledged = once(socket, 'message')
  socket.send('{"type":"connection_init"}')
  await acknowledged

  let current: {
    readonly channelId: string
    readonly onFrame: OnFrame
    readonly done: PromiseWithResolvers<void>
  } | null = null
  let subscriptions = 0
  const begin = (channelId: string, after?: string) => {
    subscriptions += 1
    const payload = system.subscribePayload(channelId, after)
    socket.send(JSON.stringify({ id: String(subscriptions), type: 'subscribe', payload }))
  }
  socket.on('message', (data) => {
    // `ws` delivers a Buffer with its default binaryType.
    const frame = data as Buffer
    if (current === null) return
    const { done, onFrame, channelId } = current
    if (isComplete(frame)) done.resolve()
    else if (isFailure(frame))
      done.reject(new Error(`${system.name}, ${channelId}: ${frame.toString().slice(0, 1000)}`))
    else onFrame(frame)
  })
  socket.on('close', (code) => current?.done.reject(new Error(`The socket was closed with ${code}.`)))
  socket.on('error', (error) => current?.done.reject(error))

  return {
    async watch(channelId, onFrame = () => {}, after) {
      const done = Promise.withResolvers<void>()
      current = { channelId, onFrame, done }
      begin(channelId, after)
      const stalled = () => done.reject(new Error(`${system.name}: ${channelId} did not end within ${patienceMs} ms.`))
      const timer = setTimeout(stalled, patienceMs)
      await done.promise.finally(() => {
        clearTimeout(timer)
        current = null
      })
    },
    begin: (channelId) => begin(channelId),
    close: () => socket.terminate(),
  }
}

function isComplete(frame: Buffer): boolean {
  return frame.length < 64 && frame.includes('"type":"complete"')
}

function isFailure(frame: Buffer): boolean {
  if (frame.includes('"errors":[')) return true
  return frame.subarray(0, 48).includes('"type":"error"') || frame.includes('"DispatchFailed"')
}

/** The cursor in the frame of an event; null if it has none. */
export function cursorIn(frame: Buffer): string | null {
  return /"cursor":"([^"]+)"/.exec(frame.toString())?.[1] ?? null
}

/** The text in a token frame of any system; null for other frames. */
export function textIn(frame: Buffer): string | null {
  const { payload } = JSON.parse(frame.toString()) as {
    payload?: { text?: string; data?: { channelEvents: { text?: string | null } } }
  }
  return payload?.data?.channelEvents.text ?? payload?.text ?? null
}
