import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { beforeAll, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { localAccount } from '../../../src/kernel/ids.ts'
import { atLength } from '../../support/at-length.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { connectRedisEngine } from '../../support/redis/redis-engine.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { ids, startRun } from '../../support/run/runs.ts'
import { type Service, startService } from '../../support/service/start-service.ts'
import { expectHeldBelow, heldBytes } from '../../support/watching/held-bytes.ts'
import { serverEnd } from '../../support/watching/server-end.ts'

/** More than what the kernel keeps for a connection (up to 6 MB at each end). */
const characters = 10_000_000
const readers = atLength(2, 4)

let service: Service
const channel = ids.channelId()
beforeAll(async () => {
  const redis = await startRedis()
  service = await startService({ redisUrl: redis.url, role: 'api' })
  const engine = await connectRedisEngine(redis.url)
  const writer = await startRun(engine.runs, { account: localAccount, channel })
  await writer.append({ type: 'iteration-started', iteration: 1 })
  let position = 0
  for (let n = 0; n < characters / 200_000; n++) {
    const deltas = Array.from({ length: 100 }, () => {
      const delta = { type: 'text-delta', messageId: 'm2', position, text: 'word '.repeat(400) } as const
      position += delta.text.length
      return delta
    })
    await writer.append(...deltas)
  }
  await engine.close()
})

function post(query: string): string {
  const head =
    'POST /graphql HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nContent-Type: application/json\r\n'
  const body = JSON.stringify({ query })
  return `${head}Content-Length: ${body.length}\r\n\r\n${body}`
}

interface Standing {
  readonly client: Socket
  readonly server: Socket
}

/** Sends a request over a connection of its own and reads nothing; gives the server's end once all stands still. */
async function stand(request: string): Promise<Standing> {
  const client = connect(Number(new URL(service.url).port), '127.0.0.1').pause()
  client.on('error', () => {})
  opened({ close: () => client.destroy() })
  await once(client, 'connect')
  client.write(request)
  return stillStanding(client)
}

/** The same over a WebSocket, with a subscription. */
async function standOnSocket(query: string): Promise<Standing> {
  const websocket = opened(new WebSocket(service.wsUrl, 'graphql-transport-ws'))
  websocket.on('error', () => {})
  await once(websocket, 'open')
  websocket.send('{"type":"connection_init"}')
  await once(websocket, 'message')
  const client = (websocket as unknown as { readonly _socket: Socket })._socket.pause()
  websocket.send(JSON.stringify({ id: ids.nonce(), type: 'subscribe', payload: { query } }))
  return stillStanding(client)
}

async function stillStanding(client: Socket): Promise<Standing> {
  const server = serverEnd(client)
  for (let before = -1, still = 0; still < 1000; ) {
    await setImmediate()
    const now = server.bytesWritten
    still = now === before && server.writableLength > 0 ? still + 1 : 0
    before = now
  }
  return { client, server }
}

const updates = `subscription { dispatchUpdates(channelId: "${channel}") { messages { text } } }`

test.each<[name: string, standing: () => Promise<Standing>, sharedMegabytes: number]>([
  [
    'channelEvents',
    () => stand(post(`subscription { channelEvents(channelId: "${channel}") { ... on TextDelta { text } } }`)),
    1,
  ],
  ['dispatchUpdates', () => stand(post(updates)), 30],
  ['dispatchUpdates over WebSocket', () => standOnSocket(updates), 30],
  [
    'REST',
    () =>
      stand(`GET /v1/channel/${channel}/subscribe HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n`),
    1,
  ],
])(
  'readers of %s that do not read cost 300 KB each, and the text once',
  async (_name, standing, sharedMegabytes) => {
    // The first one loads, compiles, and warms up.
    const { client, server } = await standing()
    client.destroy()
    await vi.waitFor(() => expect(server.closed).toBe(true), { timeout: 10_000 })
    const before = await heldBytes()
    const servers: Socket[] = []
    for (let n = 0; n < readers; n++) servers.push((await standing()).server)
    await expectHeldBelow(before + readers * 300_000 + sharedMegabytes * 1_000_000)
    // None of them has been cut meanwhile.
    for (const server of servers) expect(server.closed).toBe(false)
  },
  120_000,
)
