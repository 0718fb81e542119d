import { on, once } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ClientOptions, WebSocket } from 'ws'
import { codes } from '../../../server/ask.ts'
import { type Edge, startEdge } from '../../../server/edge.ts'
import { opened } from '../../../support/lifetime/opened.ts'

const preflight = { resolve: () => Promise.reject(new Error('not asked')), models: () => [] }
let edge: Edge
beforeEach(async () => {
  edge = await startEdge({ preflight })
})
afterEach(async () => {
  await expectAnswer(await openSocket())
})

function connect(
  protocols: string[] = ['graphql-transport-ws'],
  path = '/graphql',
  options: ClientOptions = {},
): WebSocket {
  return opened(new WebSocket(`${edge.url.replace('http', 'ws')}${path}`, protocols, options))
}

async function openSocket(): Promise<WebSocket> {
  const socket = connect()
  await once(socket, 'open')
  return socket
}

function closeCode(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => socket.once('close', resolve))
}

const query = (id: string, text: string) => JSON.stringify({ id, type: 'subscribe', payload: { query: text } })

async function nextMessage(socket: WebSocket) {
  const [data] = await once(socket, 'message')
  return JSON.parse(String(data))
}

async function expectAnswer(socket: WebSocket): Promise<void> {
  socket.send('{"type":"connection_init"}')
  expect(await nextMessage(socket)).toEqual({ type: 'connection_ack' })
  socket.send(query('1', '{ models { id } }'))
  expect(await nextMessage(socket)).toEqual({ id: '1', type: 'next', payload: { data: { models: [] } } })
}

describe('what is not graphql-transport-ws', () => {
  test.for<[string, string | Buffer]>([
    ['random text', 'hello'],
    ['binary', Buffer.from([0, 255, 1, 254])],
    ['invalid JSON', '{"type":'],
    ['JSON that is no object', '[1]'],
    ['a type that is none', '{"type":"start"}'],
    ['a subscribe without a payload', '{"type":"subscribe","id":"1"}'],
    ['variables that are no object', '{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":1}}'],
  ])('%s closes with 4400', async ([, message]) => {
    const socket = await openSocket()
    socket.send('{"type":"connection_init"}')
    socket.send(message)
    expect(await closeCode(socket)).toBe(4400)
  })

  test.for([[['graphql-ws']], [['mqtt', 'soap']], [[]]])('the subprotocols %j are refused', async ([protocols]) => {
    const socket = connect(protocols)
    const errors: Error[] = []
    socket.on('error', (error) => errors.push(error))
    const code = await closeCode(socket)
    // Without a common subprotocol a client breaks the handshake off by itself, if it asked for one.
    if (errors.length === 0) expect(code).toBe(4406)
    else expect(errors[0]?.message).toBe('Server sent no subprotocol')
  })

  test('a message above the limit closes with 1009', async () => {
    const socket = await openSocket()
    socket.send('x'.repeat(100_001))
    expect(await closeCode(socket)).toBe(1009)
  })

  test('a broken frame closes with 1002', async () => {
    const socket = await openSocket()
    const { _socket: tcp } = socket as unknown as { _socket: { write(bytes: Buffer): void } }
    tcp.write(Buffer.from([0xff, 0xff, 0xff, 0xff]))
    expect(await closeCode(socket)).toBe(1002)
  })

  test.for(['/', '/graphql/', '/nothing', '//'])('an upgrade at %s is a 404', async (path) => {
    const socket = connect(['graphql-transport-ws'], path)
    const [error] = await once(socket, 'error')
    expect(error.message).toBe('Unexpected server response: 404')
  })
})

describe('the order of graphql-transport-ws', () => {
  test('no connection_init in time closes with 4408', async () => {
    edge = await startEdge({ preflight }, { initTimeoutMs: 50 })
    const socket = connect()
    expect(await closeCode(socket)).toBe(4408)
    // What follows is answered by a server that waits longer.
    edge = await startEdge({ preflight })
  })

  test('a subscribe before connection_init closes with 4401', async () => {
    const socket = await openSocket()
    socket.send(query('1', '{ models { id } }'))
    expect(await closeCode(socket)).toBe(4401)
  })

  test('a second connection_init closes with 4429', async () => {
    const socket = await openSocket()
    socket.send('{"type":"connection_init"}')
    socket.send('{"type":"connection_init"}')
    expect(await closeCode(socket)).toBe(4429)
  })
})

test('errors of an operation have the same codes as on HTTP, and the connection stays open', async () => {
  const socket = await openSocket()
  const messages = on(socket, 'message')
  const next = async () => JSON.parse(String((await messages.next()).value?.[0]))
  socket.send('{"type":"connection_init"}')
  await next()
  for (const [text, code] of [
    ['{ models { id }', 'GRAPHQL_PARSE_FAILED'],
    ['{ nonsense }', 'GRAPHQL_VALIDATION_FAILED'],
    ['fragment A on Query { models { id } }', 'BAD_USER_INPUT'],
    ['query ($n: Int!) { dispatches(first: $n) { edges { cursor } } }', 'BAD_USER_INPUT'],
  ] as const) {
    socket.send(query('1', text))
    const { type, payload } = await next()
    expect(codes([type === 'error' ? { errors: payload } : payload])).toEqual([code])
    if (type === 'next') expect(await next()).toEqual({ id: '1', type: 'complete' })
  }
  socket.send(query('2', '{ models { id } }'))
  expect(await next()).toEqual({ id: '2', type: 'next', payload: { data: { models: [] } } })
})
