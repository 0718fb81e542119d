import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import { opened } from '../support/lifetime/opened.ts'
import { type Service, startService } from '../support/service/start-service.ts'
import { serverEnd } from '../support/watching/server-end.ts'
import { startEdge } from './edge.ts'

const apiKey = 'key-of-one-account-0123456789'
let service: Service
beforeAll(async () => {
  service = await startService({ env: { API_KEYS: `one:${apiKey}` } })
})

/** A connection that keeps its half open, whatever the server does. */
async function connected(url: string): Promise<Socket> {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true })
  opened({ close: () => socket.destroy() })
  await once(socket, 'connect')
  return socket
}

async function untilClosed(socket: Socket): Promise<void> {
  if (!socket.closed) await once(socket, 'close')
}

const head = (path: string, ...headers: string[]) =>
  [
    `POST ${path} HTTP/1.1`,
    'Host: localhost',
    'Content-Type: application/json',
    'Accept: application/graphql-response+json, application/json',
    ...headers,
    '',
    '',
  ].join('\r\n')

test.each([
  ['/graphql', '401'],
  ['/v1/bot/create', '401'],
])('a body that is not sent yet is refused without being asked for, at %s', async (path, status) => {
  const socket = await connected(service.url)
  socket.write(head(path, 'Content-Length: 1000', 'Expect: 100-continue'))
  const [data] = await once(socket, 'data')
  expect(String(data).split(' ')[1]).toBe(status)
})

test.each(['/graphql', '/v1/bot/create'])('a body that is sent once asked for is read, at %s', async (path) => {
  const socket = await connected(service.url)
  socket.write(head(path, 'Content-Length: 2', 'Expect: 100-continue', `Authorization: Bearer ${apiKey}`))
  const [data] = await once(socket, 'data')
  expect(String(data)).toBe('HTTP/1.1 100 Continue\r\n\r\n')
  socket.write('{}')
  const [answer] = await once(socket, 'data')
  expect(String(answer).split(' ')[1]).toMatch(/^[24]00$/)
})

test('a refused upgrade ends the connection, also of a client that does not', async () => {
  const socket = await connected(service.url)
  const server = serverEnd(socket)
  const upgrade = [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  ]
  socket.write(['GET /nothing HTTP/1.1', 'Host: localhost', ...upgrade, '', ''].join('\r\n'))
  const [data] = await once(socket, 'data')
  expect(String(data)).toMatch(/^HTTP\/1.1 404 /)
  await untilClosed(server)
})

test('so many requests of one connection are worked on at once; the others are refused', async () => {
  let asked = 0
  const answers = Promise.withResolvers<void>()
  const edge = await startEdge({
    preflight: {
      resolve: () => Promise.reject(new Error('not asked')),
      models: () => [],
    },
    runs: {
      async find() {
        asked += 1
        await answers.promise
        return [null]
      },
    } as never,
  })
  const socket = await connected(edge.url)
  const query = encodeURIComponent('{ dispatch(channelId: "channel-of-this-test") { id } }')
  const request = `GET /graphql?query=${query} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n`
  socket.write(request.repeat(40))
  while (asked < 32) await setImmediate()
  for (let turn = 0; turn < 100; turn++) await setImmediate()
  expect(asked).toBe(32)
  answers.resolve()
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  await once(socket, 'end')
  expect(text.match(/HTTP\/1.1 200/g)).toHaveLength(32)
  expect(text.match(/HTTP\/1.1 429/g)).toHaveLength(1)
  expect(text).toContain('LIMIT_EXCEEDED')
})

test('a connection that goes on sending requests instead of reading is cut', async () => {
  const edge = await startEdge({ runs: { find: () => new Promise(() => {}) } as never })
  const socket = await connected(edge.url)
  const server = serverEnd(socket)
  socket.on('error', () => {})
  const query = encodeURIComponent('{ dispatch(channelId: "channel-of-this-test") { id } }')
  const request = `GET /graphql?query=${query} HTTP/1.1\r\nHost: localhost\r\n\r\n`
  socket.write(request.repeat(70))
  await untilClosed(server)
})
