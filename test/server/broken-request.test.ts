import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { frame, sendBytes, upgradeRequest } from '../fuzz/raw-bytes.ts'
import { type ObservedService, startObservedService } from '../support/service/observed-service.ts'

let service: ObservedService
afterEach(async () => {
  vi.restoreAllMocks()
  await service.close()
})

test.each([
  ['/graphql', { errors: [{ message: expect.any(String), extensions: { code: 'BAD_USER_INPUT' } }] }],
  ['/v1/bot/list', { message: expect.any(String), code: 'BAD_REQUEST' }],
])('a request to %s without a Host is refused with a code', async (path, body) => {
  service = await startObservedService()
  const bytes = Buffer.from(`GET ${path} HTTP/1.1\r\n\r\n`)
  expect(parsed(await sendBytes(service.url, bytes, 500))).toEqual({ status: 'HTTP/1.1 400 Bad Request', body })
})

function parsed(answer: string) {
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  return { status: head.split('\r\n')[0], body: JSON.parse(body) as unknown }
}

test.each([
  ['no HTTP', 'hello\r\n\r\n', 'HTTP/1.1 400 Bad Request', 'BAD_USER_INPUT', 'BAD_REQUEST'],
  [
    'too many headers',
    `GET /graphql HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
    'HTTP/1.1 431 Request Header Fields Too Large',
    'PAYLOAD_TOO_LARGE',
    'CONTENT_TOO_LARGE',
  ],
])('%s is refused with a code, as either API tells it', async (_name, bytes, status, code, restCode) => {
  service = await startObservedService()
  const answer = parsed(await sendBytes(service.url, Buffer.from(bytes), 500))
  expect(answer).toEqual({
    status,
    body: {
      message: expect.any(String),
      code: restCode,
      errors: [{ message: expect.any(String), extensions: { code } }],
    },
  })
})

test('a client that goes in the middle of its body is no defect of the server', async () => {
  service = await startObservedService({ env: { LOG_LEVEL: 'debug' } })
  const { hostname, port } = new URL(service.url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  socket.write(
    'POST /v1/bot/create HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{"\r\n',
  )
  await new Promise((resolve) => setTimeout(resolve, 100))
  socket.destroy()
  await vi.waitFor(() => expect(service.log.join('\n')).toContain('/v1/bot/create'))
  expect(service.log.filter((line) => line.includes('"level":50'))).toEqual([])
})

test('what does not reach a WebSocket’s client is written to no console', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {})
  const sent = vi.spyOn(WebSocket.prototype, 'send').mockImplementation((_data: unknown, done: unknown) => {
    ;(done as (error: Error) => void)(new Error('write EPIPE'))
  })
  service = await startObservedService()
  const init = frame(1, Buffer.from('{"type":"connection_init"}'))
  await sendBytes(service.url, Buffer.concat([upgradeRequest(), init]), 300)
  expect(sent).toHaveBeenCalledOnce()
  expect(said).not.toHaveBeenCalled()
})
