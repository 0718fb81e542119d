import { expect, test } from 'vitest'
import { refusalOf } from '../../../src/api/chatbotkit/refusal.ts'
import { badInput, Failure, type FailureCode } from '../../../src/kernel/errors.ts'

test.each<[FailureCode, number, string]>([
  ['BAD_USER_INPUT', 400, 'BAD_REQUEST'],
  ['UNAUTHENTICATED', 401, 'NOT_AUTHENTICATED'],
  ['FORBIDDEN', 403, 'NOT_AUTHORIZED'],
  ['NOT_FOUND', 404, 'NOT_FOUND'],
  ['CONFLICT', 409, 'CONFLICT'],
  ['CURSOR_EXPIRED', 410, 'GONE'],
  ['PAYLOAD_TOO_LARGE', 413, 'CONTENT_TOO_LARGE'],
  ['INTERNAL', 500, 'INTERNAL_SERVER_ERROR'],
  ['UNAVAILABLE', 503, 'SERVICE_UNAVAILABLE'],
])('%s is a %i %s', (code, status, wireCode) => {
  expect(refusalOf(new Failure(code, 'So.'))).toMatchObject({ status, body: { message: 'So.', code: wireCode } })
})

test('a limit that waiting fixes is a 429 with advice; one that waiting cannot fix is a 422, which the SDK does not retry', () => {
  const refused = (options: object) => refusalOf(new Failure('LIMIT_EXCEEDED', 'So.', options))
  expect(refused({ retryAfterSeconds: 3 })).toEqual({
    status: 429,
    body: { message: 'So.', code: 'TOO_MANY_REQUESTS' },
    headers: { 'retry-after': '3' },
  })
  expect(refused({})).toEqual({ status: 422, body: { message: 'So.', code: 'LIMITS_REACHED' }, headers: {} })
})

test('a field the server is not configured for is a 501, which the SDK does not retry', () => {
  const issues = [{ path: ['input', 'value'], message: 'cannot be kept' }]
  expect(refusalOf(new Failure('UNAVAILABLE', 'So.', { issues }))).toEqual({
    status: 501,
    body: { message: 'value: cannot be kept', code: 'NOT_IMPLEMENTED' },
    headers: {},
  })
})

test('names each field by its path in the body, at most twenty', () => {
  const issues = [
    { path: ['input', 'messages', 0, 'text'], message: 'is wrong' },
    { path: ['input'], message: 'is too much' },
  ]
  expect(refusalOf(badInput(issues)).body.message).toBe('messages[0].text: is wrong; is too much')
  const many = Array.from({ length: 21 }, (_, n) => ({ path: [n], message: 'x' }))
  expect(refusalOf(badInput(many)).body.message).toMatch(/^\[0\]: x; .*\[19\]: x; …$/)
})
