import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { answerTo, frame, upgradeRequest } from '../fuzz/raw-bytes.ts'
import { type ObservedService, startObservedService } from '../support/service/observed-service.ts'

let service: ObservedService
afterEach(async () => {
  vi.restoreAllMocks()
})

test.each([
  ['/graphql', { errors: [{ message: expect.any(String), extensions: { code: 'BAD_USER_INPUT' } }] }],
  ['/v1/bot/list', { message: expect.any(String), code: 'BAD_REQUEST' }],
])('a request to %s without a Host is refused with a code', async (path, body) => {
  service = await startObservedService()
  const bytes = Buffer.from(`GET ${path} HTTP/1.1\r\n\r\n`)
  expect(parsed(await answerTo(service.url, bytes))).toEqual({ status: 'HTTP/1.1 400 Bad Request', body })
})

function parsed(answer: string) {
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  return { status: head.split('\r\n')[0], body: JSON.parse(body) as unknown }
}

test.each([
  ['no HTTP', 'hello\r\n\r\n', 'HTTP/1.1 400 Bad Request', 'BAD_USER_INPUT', 'BAD_REQUEST', 'invalid_value'],
  [
    'too many headers',
    `GET /graphql HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
    'HTTP/1.1 431 Request Header Fields Too Large',
    'PAYLOAD_TOO_LARGE',
    'CONTENT_TOO_LARGE',
    'request_too_large',
  ],
])('%s is refused with a code, as each API tells it', async (_name, bytes, status, code, restCode, openaiCode) => {
  service = await startObservedService()
  const answer = parsed(await answerTo(service.url, Buffer.from(bytes)))
  expect(answer).toEqual({
    status,
    body: {
      message: expect.any(String),
      code: restCode,
      errors: [{ message: expect.any(String), extensions: { code } }],
      error: { message: expect.any(String), type: 'invalid_request_error', param: null, code: openaiCode },
    },
  })
})

test('a client that disconnects in the middle of its body is not a defect', async () => {
  service = await startObservedService({ env: { LOG_LEVEL: 'debug' } })
  const socket = await connected()
  socket.write(
    'POST /v1/bot/create HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n',
  )
  // The server waits for the body from here on.
  const [interim] = await once(socket, 'data')
  expect(String(interim)).toMatch(/^HTTP\/1\.1 100 /)
  socket.write('2\r\n{"\r\n', () => socket.destroy())
  await vi.waitFor(() => expect(service.log.join('\n')).toContain('/v1/bot/create'), { timeout: 20_000 })
  expect(service.log.filter((line) => line.includes('"level":"error"'))).toEqual([])
})

async function connected(): Promise<Socket> {
  const { hostname, port } = new URL(service.url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  return socket
}

test('a failed send to a WebSocket client is not written to the console', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {})
  const failed = Promise.withResolvers<void>()
  const sent = vi.spyOn(WebSocket.prototype, 'send').mockImplementation((_data: unknown, done: unknown) => {
    ;(done as (error: Error) => void)(new Error('write EPIPE'))
    failed.resolve()
  })
  service = await startObservedService()
  const socket = await connected()
  socket.write(Buffer.concat([upgradeRequest(), frame(1, Buffer.from('{"type":"connection_init"}'))]))
  await failed.promise
  // Whoever hears of it does so in this turn.
  await setImmediate()
  socket.destroy()
  expect(sent).toHaveBeenCalledOnce()
  expect(said).not.toHaveBeenCalled()
})
