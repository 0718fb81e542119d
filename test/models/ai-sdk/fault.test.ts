import {
  APICallError,
  InvalidPromptError,
  InvalidResponseDataError,
  JSONParseError,
  TypeValidationError,
} from '@ai-sdk/provider'
import { describe, expect, test } from 'vitest'
import { aiSdkFault } from '../../../src/models/ai-sdk/fault.ts'
import { ModelFault } from '../../../src/models/model.ts'

type CallError = ConstructorParameters<typeof APICallError>[0]

function callError(error: Partial<CallError>): APICallError {
  return new APICallError({ message: 'no', url: 'https://api.test', requestBodyValues: {}, ...error })
}

function networkError(code: string): Error {
  return Object.assign(new Error(`connect ${code} 10.0.0.7:443`), { code })
}

test.each([
  [400, 'rejected', false],
  [401, 'unavailable', false],
  [402, 'unavailable', false],
  [403, 'unavailable', false],
  [404, 'unavailable', false],
  [408, 'unavailable', true],
  [409, 'unavailable', true],
  [413, 'rejected', false],
  [422, 'rejected', false],
  [425, 'unavailable', true],
  [429, 'unavailable', true],
  [499, 'rejected', false],
  [500, 'unavailable', true],
  [503, 'unavailable', true],
  [529, 'unavailable', true],
] as const)('an answer with status %i is %s, retryable: %s', (statusCode, kind, isRetryable) => {
  const error = callError({ statusCode })
  const fault = aiSdkFault(error)
  expect(fault).toBeInstanceOf(ModelFault)
  expect(fault).toMatchObject({ kind, isRetryable, retryAfterMs: null, message: 'no', cause: error })
})

test.each([
  [429, {}, null, true],
  [503, {}, null, false],
  [529, {}, null, false],
  [429, { 'retry-after': '2' }, 2000, true],
  [503, { 'retry-after': '0.5' }, 500, true],
  [429, { 'retry-after': '0' }, 0, true],
  [429, { 'retry-after-ms': '1234.5', 'retry-after': '2' }, 1235, true],
  [429, { date: 'Mon, 23 Nov 2026 10:00:00 GMT', 'retry-after': 'Mon, 23 Nov 2026 10:01:30 GMT' }, 90_000, true],
  [429, { date: 'Mon, 23 Nov 2026 10:00:00 GMT', 'retry-after': 'Mon, 23 Nov 2026 09:00:00 GMT' }, 0, true],
  [429, { 'retry-after': 'Mon, 23 Nov 2026 10:01:30 GMT' }, null, true],
  [429, { 'retry-after': 'soon' }, null, true],
  [429, { 'retry-after': '-3' }, null, true],
] as const)('status %i with %j waits %s ms, throttled: %s', (statusCode, responseHeaders, ms, isThrottled) => {
  expect(aiSdkFault(callError({ statusCode, responseHeaders }))).toMatchObject({
    isRetryable: true,
    retryAfterMs: ms,
    isThrottled,
  })
})

describe('the message', () => {
  test.each([
    ['{"error":{"message":"Too long.","type":"invalid_request_error"}}', 'Too long.'],
    ['{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}', 'Overloaded'],
    ['{"error":"model \\"x\\" not found"}', 'model "x" not found'],
    ['{"object":"error","message":"Bad request","code":400}', 'Bad request'],
    ['{"detail":"Not Found"}', 'Not Found'],
    ['{"detail":[{"loc":["body"],"msg":"field required"}]}', 'field required'],
    ['<html>502</html>', 'Bad Gateway'],
    ['{"error":{"message":" "}}', 'Bad Gateway'],
    ['null', 'Bad Gateway'],
    ['', 'Bad Gateway'],
  ])('is the provider’s own words: %s', (responseBody, message) => {
    expect(aiSdkFault(callError({ statusCode: 502, message: 'Bad Gateway', responseBody })).message).toBe(message)
  })

  test('says the status where the provider has no words, and stops where it has too many', () => {
    expect(aiSdkFault(callError({ statusCode: 502, message: '' })).message).toBe('The provider answered 502.')
    const responseBody = JSON.stringify({ error: 'x'.repeat(5000) })
    expect(aiSdkFault(callError({ statusCode: 502, responseBody })).message).toHaveLength(1000)
  })

  test.each(['ECONNREFUSED', 'ENOTFOUND', 'CERT_HAS_EXPIRED'])(
    'of a call that %s kept from it tells no address',
    (code) => {
      const fault = aiSdkFault(callError({ message: 'Cannot connect to API: 10.0.0.7', cause: networkError(code) }))
      const message = `The provider could not be reached (${code}).`
      expect(fault).toMatchObject({ kind: 'unavailable', isRetryable: true, message })
    },
  )

  test('of an answer that broke off says so', () => {
    const cause = new TypeError('terminated', { cause: networkError('UND_ERR_SOCKET') })
    const message = 'The provider’s answer broke off (UND_ERR_SOCKET).'.replace('’', "'")
    expect(aiSdkFault(callError({ statusCode: 200, cause }))).toMatchObject({ isRetryable: true, message })
  })

  test.each([
    [
      new JSONParseError({ text: '{"secret', cause: new Error('x') }),
      'The provider sent something that cannot be read.',
    ],
    [new TypeValidationError({ value: {}, cause: new Error() }), 'The provider sent something that cannot be read.'],
    [new InvalidResponseDataError({ data: 1, message: 'No finish reason.' }), 'No finish reason.'],
    [new Error('overloaded'), 'overloaded'],
    ['overloaded', 'overloaded'],
    [{ type: 'overloaded_error', message: 'overloaded' }, 'overloaded'],
    [{ code: 7 }, 'The provider reported an error.'],
    [undefined, 'The provider reported an error.'],
  ])('of %o in a stream is %s', (error, message) => {
    expect(aiSdkFault(error)).toMatchObject({ kind: 'unavailable', isRetryable: true, message, cause: error })
  })
})

describe('the provider’s code', () => {
  test.each([
    [{ statusCode: 429, data: { error: { code: 'insufficient_quota' } } }, 'unavailable', false],
    [{ statusCode: 429, data: { error: { code: 'rate_limit_exceeded' } } }, 'unavailable', true],
    [{ statusCode: 403, data: { error: { code: 'content_policy_violation' } } }, 'rejected', false],
    [{ statusCode: 500, data: { response: { error: { code: 'bio_policy' } } } }, 'rejected', false],
    [{ statusCode: 500, data: { error: { code: null, type: 'server_error' } } }, 'unavailable', true],
  ] as const)('of %j decides before its status: %s, retryable: %s', (error, kind, isRetryable) => {
    expect(aiSdkFault(callError(error))).toMatchObject({ kind, isRetryable })
    expect(aiSdkFault({ message: 'in a stream', ...error })).toMatchObject({ kind, isRetryable })
  })

  test('is a status where a compatible server writes one', () => {
    expect(aiSdkFault({ message: 'no', type: 'BadRequestError', code: 400 })).toMatchObject({ kind: 'rejected' })
  })
})

test('a prompt that the AI SDK cannot send is rejected', () => {
  const error = new InvalidPromptError({ prompt: [], message: 'no system message' })
  expect(aiSdkFault(error)).toMatchObject({ kind: 'rejected', isRetryable: false })
})

test.each([
  ['in the words', callError({ statusCode: 401, responseBody: '{"error":"No sk-12345678!"}' }), 'No ***!'],
  ['in the body only', callError({ statusCode: 401, responseBody: '{"error":"No.","key":"sk-12345678"}' }), 'No.'],
  ['in a cause', callError({ cause: new Error('sk-12345678') }), 'The provider could not be reached.'],
])('a key %s goes no further', (_, error, message) => {
  const fault = aiSdkFault(error, 'sk-12345678')
  expect(fault.message).toBe(message)
  expect(fault.cause).toBeUndefined()
})

test('a made-up key is not hidden: it would be found everywhere', () => {
  expect(aiSdkFault(callError({ statusCode: 400, message: 'no' }), 'no').message).toBe('no')
})
