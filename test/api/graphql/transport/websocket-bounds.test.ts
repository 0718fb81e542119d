import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { Services } from '../../../../src/api/services.ts'
import { type Edge, type EdgeOptions, startEdge } from '../../../server/edge.ts'
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
  return connectTo(await startEdge(services, options))
}

async function connectTo(edge: Edge): Promise<Client> {
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
  return acknowledged(await connect(services, options))
}

async function acknowledged(client: Client): Promise<Client> {
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

/** The same for any length. */
function frame64(payload: Buffer): Buffer {
  const head = Buffer.alloc(14)
  head.writeUInt8(message | 0x80, 0)
  head.writeUInt8(0x80 | 127, 1)
  head.writeBigUInt64BE(BigInt(payload.length), 2)
  return Buffer.concat([head, payload])
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
    const { tcp, closed } = await connect({}, { closeTimeoutMs: 100 })
    tcp.write(bytes())
    expect(await closed).toBe(1009)
  })

  test('16 KB in small pieces, each of which is kept', async () => {
    const { tcp, server, closed } = await connect({}, { closeTimeoutMs: 100 })
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

  test('half a message, of which nothing more is read then', async () => {
    const { tcp, server } = await connect({}, { closeTimeoutMs: 600_000 })
    opened(server, () => server.destroy())
    tcp.pause()
    tcp.write(frame(message, text(60_000)).subarray(0, 20_000))
    await once(server, 'finish')
    const read = server.bytesRead
    const isTaken = tcp.write(Buffer.alloc(16_000_000))
    await stillTurns(() => server.bytesRead)
    // A piece that was under way may still come.
    expect([isTaken, server.bytesRead - read <= 65_536]).toEqual([false, true])
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

describe('once it is acknowledged, a client', () => {
  const whole = Buffer.from(`{"type":"ping"}${' '.repeat(99_000)}`)

  test('sends large messages while its account has room for them, and is not read until then', async () => {
    const edge = await startEdge({}, { maxBytes: 100_000 })
    const clients = await Promise.all(Array.from({ length: 5 }, async () => acknowledged(await connectTo(edge))))
    const [first, , , , last] = clients as [Client, Client, Client, Client, Client]
    for (const { tcp, server } of clients) {
      const before = server.bytesRead
      tcp.write(frame64(whole).subarray(0, 70_000))
      await vi.waitUntil(() => server.bytesRead === before + 70_000)
    }
    await setImmediate()
    expect(clients.map(({ server }) => server.isPaused())).toEqual([false, false, false, false, true])
    first.tcp.write(frame64(whole).subarray(70_000))
    await once(first.socket, 'message')
    await vi.waitUntil(() => !last.server.isPaused())
    last.tcp.write(frame64(whole).subarray(70_000))
    await once(last.socket, 'message')
    expect([first.messages, last.messages]).toEqual([[{ type: 'pong' }], [{ type: 'pong' }]])
  })

  test('that sends a message of more values than can be read in one go is closed', async () => {
    const { socket, closed } = await connectAcknowledged()
    socket.send(
      `{"id":"1","type":"subscribe","payload":{"query":"{ models { id } }","variables":{"a":[${'0,'.repeat(100_000)}0]}}}`,
    )
    expect(await closed).toBe(1009)
  })

  test('that sends more than its share is read in the next turns of the loop, and gets every answer', async () => {
    const { tcp, server, socket, messages } = await connectAcknowledged()
    let paused = 0
    server.on('pause', () => {
      paused += 1
    })
    const one = frame(message, Buffer.from('{"type":"ping"}'))
    tcp.write(Buffer.concat(Array.from({ length: 8000 }, () => one)))
    while (messages.length < 8000) await once(socket, 'message')
    expect(paused).toBeGreaterThan(0)
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
