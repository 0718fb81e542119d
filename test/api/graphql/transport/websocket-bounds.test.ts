import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Services } from '../../../../src/api/services.ts'
import { type EdgeOptions, startEdge } from '../../../server/edge.ts'
import { opened } from '../../../support/lifetime/opened.ts'
import { serverEnd } from '../../../support/watching/server-end.ts'

interface Client {
  readonly socket: WebSocket
  /** The client's end of the connection. */
  readonly tcp: Socket
  readonly server: Socket
  readonly messages: unknown[]
  /** The code with which the connection ends. */
  readonly closed: Promise<number>
}

async function connect(services: Partial<Services> = {}, options: EdgeOptions = {}): Promise<Client> {
  const edge = await startEdge(services, options)
  const socket = opened(new WebSocket(`${edge.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws'))
  socket.on('error', () => {})
  const closed = new Promise<number>((resolve) => socket.once('close', resolve))
  const messages: unknown[] = []
  socket.on('message', (data) => messages.push(JSON.parse(String(data))))
  await once(socket, 'open')
  const { _socket: tcp } = socket as unknown as { readonly _socket: Socket }
  return { socket, tcp, server: serverEnd(tcp), messages, closed }
}

async function connectAcknowledged(services: Partial<Services> = {}, options: EdgeOptions = {}): Promise<Client> {
  const client = await connect(services, options)
  client.socket.send('{"type":"connection_init"}')
  await once(client.socket, 'message')
  client.messages.length = 0
  return client
}

/** A frame that is masked with zeros, as it is then sent. */
function frame(opcode: number, payload: Buffer, isLast = true): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt8(opcode | (isLast ? 0x80 : 0), 0)
  head.writeUInt8(0x80 | Math.min(payload.length, 126), 1)
  head.writeUInt16BE(payload.length, 2)
  return Buffer.concat([payload.length < 126 ? Buffer.concat([head.subarray(0, 2), Buffer.alloc(4)]) : head, payload])
}

const text = (length: number) => Buffer.alloc(length, ' ')
const [continuation, message, ping, pong] = [0, 1, 9, 10]

async function untilClosed(socket: Socket): Promise<void> {
  if (!socket.closed) await once(socket, 'close')
}

describe('before it is acknowledged, a connection is ended for', () => {
  test.for<[string, () => Buffer]>([
    ['half a message', () => frame(message, text(60_000)).subarray(0, 20_000)],
    ['a whole message', () => frame(message, text(20_000))],
    [
      'fragments',
      () =>
        Buffer.concat(Array.from({ length: 20 }, (_, n) => frame(n === 0 ? message : continuation, text(1000), false))),
    ],
    [
      'empty fragments',
      () =>
        Buffer.concat(Array.from({ length: 4000 }, (_, n) => frame(n === 0 ? message : continuation, text(0), false))),
    ],
    [
      'pings of the protocol',
      () => Buffer.concat(Array.from({ length: 1000 }, () => frame(message, Buffer.from('{"type":"ping"}')))),
    ],
    ['pings of WebSockets', () => Buffer.concat(Array.from({ length: 200 }, () => frame(ping, text(125))))],
    ['pongs', () => Buffer.concat(Array.from({ length: 200 }, () => frame(pong, text(125))))],
  ])('%s above 16 KB', async ([, bytes]) => {
    const { tcp, closed } = await connect()
    tcp.write(bytes())
    expect(await closed).toBe(1009)
  })

  test('16 KB in small pieces, each of which is kept', async () => {
    const { tcp, server, closed } = await connect()
    const bytes = frame(message, text(1000))
    for (let at = 0; at < 300 && !server.destroyed && tcp.writable; at++) {
      const before = server.bytesRead
      tcp.write(bytes.subarray(at, at + 1))
      while (server.bytesRead === before && !server.destroyed && tcp.writable) await setImmediate()
    }
    expect(await closed).toBe(1009)
  })

  test('more than 16 KB, also while it is being closed', async () => {
    const { socket, tcp, server } = await connect({}, { closeTimeoutMs: 600_000 })
    // A client that does not answer the close, but goes on sending.
    tcp.pause()
    socket.send('{"id":"1","type":"subscribe","payload":{"query":"{ models { id } }"}}')
    tcp.write(frame(message, text(60_000)).subarray(0, 20_000))
    await once(server, 'finish')
  })

  test('a credential of the size that is taken, and headers beside it, is acknowledged', async () => {
    const { socket, messages } = await connect()
    const payload = { 'x-padding': 'x'.repeat(8000), 'x-timezone': 'Europe/Berlin', more: 'y'.repeat(8000) }
    socket.send(JSON.stringify({ type: 'connection_init', payload }))
    await once(socket, 'message')
    expect(messages).toEqual([{ type: 'connection_ack' }])
    socket.send(JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(50_000) } }))
    await once(socket, 'message')
    // Its payload is not sent back.
    expect(messages[1]).toEqual({ type: 'pong' })
  })
})

describe('a client that closes nothing is cut', () => {
  test.for<[string, string]>([
    ['4408', ''],
    ['4401', '{"id":"1","type":"subscribe","payload":{"query":"{ models { id } }"}}'],
    ['4400', 'nonsense'],
  ])('after %s', async ([, first]) => {
    const { tcp, server, socket } = await connect({}, { initTimeoutMs: 50, closeTimeoutMs: 50 })
    if (first !== '') socket.send(first)
    tcp.pause()
    await untilClosed(server)
  })
})

/** In so many turns of the event loop, a server that had anything left to do would have done it. */
async function stillTurns(count: () => number): Promise<void> {
  for (let before = -1, still = 0; still < 1000; ) {
    await setImmediate()
    const now = count()
    still = now === before ? still + 1 : 0
    before = now
  }
}

describe('a client that does not read', () => {
  /** Each answer is a megabyte, so that the kernel, which keeps up to 6 MB at each end, keeps few of them. */
  const models = [{ id: 'x'.repeat(1_000_000), provider: 'p', isDefault: true }]
  const query = (id: number) =>
    JSON.stringify({ id: `${id}`, type: 'subscribe', payload: { query: '{ models { id } }' } })

  test('has no more queries worked on than it takes answers, and gets all of them once it reads', async () => {
    let asked = 0
    const preflight = {
      resolve: () => Promise.reject(new Error('not asked')),
      models: () => {
        asked += 1
        return models
      },
    }
    const { socket, tcp, server, messages } = await connectAcknowledged({ preflight: preflight as never })
    tcp.pause()
    for (let n = 0; n < 300; n++) socket.send(query(n))
    await stillTurns(() => asked + server.bytesRead)
    expect(asked).toBeGreaterThan(5)
    expect(asked).toBeLessThan(64)
    expect(server.writableLength).toBeLessThan(3_500_000)
    tcp.resume()
    while (messages.length < 600) await once(socket, 'message')
    const ids = new Set(
      (messages as { id: string; type: string }[]).filter(({ type }) => type === 'next').map(({ id }) => id),
    )
    expect(ids.size).toBe(300)
  })

  test('has its events kept once, however many subscriptions it has', async () => {
    let pulled = 0
    const follower = {
      follow: () => ({
        async next() {
          pulled += 1
          const event = { type: 'text-delta', messageId: 'm1', position: 0, text: 'x'.repeat(100_000) }
          return {
            done: false,
            value: {
              entries: [{ offset: 1, tag: 't', at: 0, event }],
              position: { epoch: 'abcdefgh', offset: 1, tag: 't' },
            },
          }
        },
        async return() {
          return { done: true, value: undefined }
        },
        [Symbol.asyncIterator]() {
          return this
        },
      }),
      close() {},
    }
    const { socket, tcp, server } = await connectAcknowledged({ follower: follower as never })
    tcp.pause()
    const query = 'subscription { channelEvents(channelId: "channel-of-this-test") { ... on TextDelta { text } } }'
    for (let n = 0; n < 300; n++) socket.send(JSON.stringify({ id: `${n}`, type: 'subscribe', payload: { query } }))
    await stillTurns(() => pulled)
    expect(pulled).toBeGreaterThan(300)
    // 300 events would be 30 MB.
    expect(server.writableLength).toBeLessThan(300_000)
  })

  test('is ended when it answers no ping either', async () => {
    const { tcp, server } = await connectAcknowledged({}, { pingIntervalMs: 1000 })
    tcp.pause()
    await untilClosed(server)
  })
})
