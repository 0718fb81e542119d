import { describe, expect, test } from 'vitest'
import { createLogger } from '../../src/telemetry/logger.ts'

const secrets = ['api-key-"with"-quotes', 'p/ss w+rd', 'abc', 'api-key-"with"-quotes-and-more']

function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = []
  write(createLogger('trace', { secrets, destination: { write: (line) => void lines.push(line) } }))
  return lines.join('')
}

describe('fields named like credentials are hidden at any depth', () => {
  test.for([
    'authorization',
    'Authorization',
    'proxy-authorization',
    'cookie',
    'set-cookie',
    'password',
    'apiKey',
    'api_key',
    'x-api-key',
    'OPENAI_API_KEY',
    'secret',
    'tokenSecret',
    'SECRETS_KEY',
    'token',
    'channelToken',
    'accessToken',
    'connectionParams',
  ])('%s', (name) => {
    const text = logged((log) => log.info({ a: [{ b: { [name]: 'hunter2!' } }] }, 'x'))
    expect(text).not.toContain('hunter2!')
    expect(JSON.parse(text).a[0].b[name]).toBe('[redacted]')
  })

  test('with all that is in them', () => {
    expect(logged((log) => log.info({ credentials: { user: 'ann', pin: 'hunter2!' } }))).not.toMatch(/\bann\b|hunter2/)
  })

  test('except counts, and names that only begin or end like one', () => {
    const fields = { tokens: 12, inputTokens: 3, secretId: 'secret_1', key: { channel: 'c' }, tokenizer: 'bpe' }
    expect(JSON.parse(logged((log) => log.info(fields)))).toMatchObject(fields)
  })
})

describe('known secrets are hidden wherever they occur', () => {
  test.for([
    ['in a message', 'api-key-"with"-quotes'],
    ['whole, where another is its beginning', 'api-key-"with"-quotes-and-more'],
    ['in a URL', `http://x/?k=${encodeURIComponent('p/ss w+rd')}`],
    ['in base64', Buffer.from('p/ss w+rd').toString('base64')],
  ] as const)('%s', ([, text]) => {
    const line = logged((log) => log.info({ note: { text } }, `it said ${text}.`))
    expect(line).not.toMatch(/quotes|ss.{1,3}w|cC9zcyB3/)
    expect(line).toContain('[redacted]')
    expect(JSON.parse(line).msg).toMatch(/^it said /)
  })

  test('unless they are so short that they match ordinary words', () => {
    expect(JSON.parse(logged((log) => log.info('abc'))).msg).toBe('abc')
  })
})

test.for([
  ['a bearer', 'Authorization: Bearer abcdefgh12345678'],
  ['a signed token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhYmNkZWZnaDEyMzQ1Njc4In0.abcdefgh12345678'],
  ['a provider key', 'Incorrect API key provided: sk-proj-abcdefgh12345678'],
  ['a password in a URL', 'connect redis://user:abcdefgh12345678@redis:6379'],
] as const)('what looks like %s is hidden', ([, text]) => {
  const line = logged((log) => log.warn({ err: new Error(text) }, text))
  expect(line).not.toContain('abcdefgh12345678')
})

test('errors are logged completely, with causes and fields, without credentials', () => {
  const cause = Object.assign(new TypeError('inner'), {
    config: { headers: { authorization: 'hunter2!' } },
    code: 'E1',
  })
  const { err } = JSON.parse(logged((log) => log.error({ err: new Error('outer', { cause }) }, 'x')))
  expect(err).toMatchObject({
    type: 'Error',
    message: 'outer',
    stack: expect.stringContaining('redaction.test'),
    cause: { type: 'TypeError', message: 'inner', code: 'E1', config: { headers: { authorization: '[redacted]' } } },
  })
})

test('cyclic, very deep or binary values do not break a line', () => {
  const circle: Record<string, unknown> = { name: 'circle', big: 12n, bytes: Buffer.from('hunter2!') }
  circle['self'] = circle
  let deep: object = { end: 'hunter2!' }
  for (let n = 0; n < 50; n += 1) deep = { deep }
  const { circle: shown } = JSON.parse(logged((log) => log.info({ circle, deep }, 'x')))
  expect(shown).toEqual({ name: 'circle', big: '12', bytes: '[8 bytes]', self: '[not shown]' })
})
