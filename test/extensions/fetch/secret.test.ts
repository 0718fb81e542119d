import { describe, expect, test } from 'vitest'
import type { SecretValue } from '../../../src/extensions/fetch/secret-headers.ts'
import { run, secrets } from './run.ts'
import { json, redirect, type SeenRequest, startFetchServer, text } from './server.ts'

const login = `Basic ${Buffer.from('ann:pa55 word').toString('base64')}`

describe('a secret in a header', () => {
  test.each([
    ['<t3>', 'Bearer sk-live/ABC+123'],
    ['Bearer <t3>', 'Bearer sk-live/ABC+123'],
    ['bearer  <t3>', 'Bearer sk-live/ABC+123'],
    ['<t4>', 'plain&<token>'],
    ['Bearer <t4>', 'Bearer plain&<token>'],
    ['Bearer Bearer <t4>', 'Bearer plain&<token>'],
    ['token=<t4>; v=1', 'token=plain&<token>; v=1'],
    ['<t5>', login],
    ['Basic <t5>', login],
    ['Token <t5>', `Token ${login}`],
    ['Bearer Bearer', 'Bearer Bearer'],
  ])('%j is sent as %j', async (value, sent) => {
    for (const field of ['authorization', 'headers']) {
      const server = await startFetchServer(json('ok'))
      await run(server, { url: server.url, [field]: field === 'headers' ? { Authorization: value } : value })
      expect(server.seen[0]?.headers.authorization).toBe(sent)
    }
  })

  test('is also filled into raw HTTP', async () => {
    const server = await startFetchServer(json('ok'))
    await run(server, `GET ${server.url}/ HTTP/1.1\nAuthorization: <t3>\nX-Key: <t4>`)
    expect(server.seen[0]?.headers).toMatchObject({ authorization: 'Bearer sk-live/ABC+123', 'x-key': 'plain&<token>' })
  })

  test('is looked up by name, and by the ability’s secret only for DEFAULT', async () => {
    const server = await startFetchServer(json('ok'))
    const asked: unknown[] = []
    const open = async (reference: { name: string }) => {
      asked.push(reference)
      return secrets[reference.name] ?? null
    }
    await run(server, { url: server.url, headers: { a: '<t3>', b: '<t4>' } }, { deps: { secrets: open } })
    expect(asked).toEqual([
      { name: 'DEFAULT', secretId: 'secret_1' },
      { name: 'TOKEN', secretId: null },
      { name: 'LOGIN', secretId: null },
    ])
  })

  test('is dropped when a redirect leaves the origin', async () => {
    const start = await startFetchServer((request, response) => redirect(end.url)(request, response))
    const end = await startFetchServer(json('ok'))
    const request = { url: start.url, headers: { 'X-Key': '<t4>', authorization: '<t3>', 'x-plain': '1' } }
    const outcome = await run({ ...start, host: '127.0.0.1' }, request)
    expect(outcome).toEqual({ kind: 'data', data: 'ok' })
    expect(start.seen[0]?.headers).toMatchObject({ 'x-key': 'plain&<token>' })
    expect(JSON.stringify(end.seen[0]?.headers)).toContain('x-plain')
    expect(JSON.stringify(end.seen[0]?.headers)).not.toMatch(/x-key|authorization|sk-live/)
  })
})

describe('a secret is refused by name', () => {
  test.each<[string, (url: string) => unknown]>([
    ['in the path of a URL', (url) => `${url}/<t4>`],
    ['in the query of a URL', (url) => `${url}/?key=<t4>`],
    ['in a path', (url) => ({ url, path: ['<t4>'] })],
    ['in a query', (url) => ({ url, query: { key: '<t4>' } })],
    ['in a method', (url) => ({ url, method: '<t4>' })],
    ['in a body', (url) => ({ url, body: { deep: ['x <t4>'] } })],
    ['in a body of text', (url) => ({ url, body: '<t4>' })],
    ['in a body of raw HTTP', (url) => `POST ${url}\ncontent-type: application/json\n\n{"a": "<t4>"}`],
    ['in an option', (url) => ({ url, options: { format: '<t4>' } })],
  ])('%s', async (_place, request) => {
    const server = await startFetchServer(json('ok'))
    expect(await run(server, request(server.url))).toEqual({
      kind: 'error',
      message: 'The reference SECRET_TOKEN is a secret; secrets are filled into header values only.',
    })
    expect(server.seen).toEqual([])
  })

  test('in the name of a header', async () => {
    const server = await startFetchServer(json('ok'))
    const outcome = await run(server, { url: server.url, headers: { 'x-<t4>': '1' } })
    expect(outcome).toEqual({
      kind: 'error',
      message: expect.stringContaining('The name of a header contains a reference'),
    })
  })

  test.each([null, { type: 'bearer', value: '' } as const])('when it is %j', async (value: SecretValue | null) => {
    const server = await startFetchServer(json('ok'))
    const deps = { secrets: async ({ name }: { name: string }) => (name === 'LOGIN' ? value : (secrets[name] ?? null)) }
    expect(await run(server, server.url, { deps })).toEqual({
      kind: 'error',
      message: 'There is no secret for the reference SECRET_LOGIN, or it is empty.',
    })
    expect(server.seen).toEqual([])
  })

  test('when it contains a line break, without revealing it', async () => {
    const server = await startFetchServer(json('ok'))
    const deps = { secrets: async () => ({ type: 'plain', value: 'first\r\nx-evil: second' }) as const }
    const outcome = await run(server, { url: server.url, headers: { 'x-key': '<t4>' } }, { deps })
    expect(outcome).toEqual({
      kind: 'error',
      message: 'The header x-key holds a line break or a character that headers cannot carry.',
    })
  })
})

/** Every spelling of the three secrets that a test looks for. */
const leaks =
  /sk-live|ABC(\+|%2B|\\u002b)123|QmVhcmVyIHNr|plain(&|%26|&amp;|&#38;|\\u0026)(<|%3c|&lt;|&#60;)token|pa55|YW5uOnBhNTUgd29yZA|YW5uOnBhNTUgd29yZA%3D/i

const allThree = { authorization: '<t3>', 'x-token': '<t4>', 'x-login': '<t5>' }

const echoes: readonly (readonly [string, (seen: SeenRequest) => [body: string, contentType: string]])[] = [
  ['as JSON', ({ headers }) => [JSON.stringify({ headers }), 'application/json']],
  ['as text', ({ headers }) => [JSON.stringify(headers), 'text/plain']],
  ['as the names of JSON', ({ headers }) => [JSON.stringify({ [`${headers['x-token']}`]: 1 }), 'application/json']],
  [
    'percent-encoded',
    ({ headers }) => [
      Object.values(headers)
        .map((one) => encodeURIComponent(`${one}`))
        .join(),
      'text/plain',
    ],
  ],
  [
    'percent-encoded in small letters',
    ({ headers }) => [encodeURIComponent(`${headers['x-token']} ${headers.authorization}`).toLowerCase(), 'text/plain'],
  ],
  ['as a form', ({ headers }) => [new URLSearchParams(headers as Record<string, string>).toString(), 'text/plain']],
  ['opened', ({ headers }) => [Buffer.from(`${headers['x-login']}`.slice(6), 'base64').toString(), 'text/plain']],
  [
    'opened and taken apart',
    ({ headers }) => {
      const [user, password] = Buffer.from(`${headers['x-login']}`.slice(6), 'base64').toString().split(':')
      return [JSON.stringify({ user, password }), 'application/json']
    },
  ],
  ['in base64 again', ({ headers }) => [Buffer.from(`${headers.authorization}`).toString('base64'), 'text/plain']],
  [
    'in HTML',
    ({ headers }) => [`<p>${`${headers['x-token']}`.replace('&', '&amp;').replace('<', '&lt;')}</p>`, 'text/html'],
  ],
  ['with every sign escaped', () => ['sk&#45;live&#x2F;ABC\\u002b123 sk-live\\/ABC+123', 'text/plain']],
]

describe('a server that quotes the request', () => {
  test.each(echoes.flatMap(([how, echo]) => [200, 401].map((status) => [how, status, echo] as const)))(
    '%s with %i gives no secret away',
    async (_how, status, echo) => {
      for (const format of ['', 'text', 'markdown']) {
        const server = await startFetchServer((seen, response) => text(...echo(seen), status)(seen, response))
        const request = { url: server.url, headers: allThree, options: { format } }
        const outcome = JSON.stringify(await run(server, request))
        expect(outcome).not.toMatch(leaks)
        expect(outcome).toContain('[secret]')
      }
    },
  )

  test.each(['text', 'markdown'])('in HTML, split by a tag, reveals no secret as %s', async (format) => {
    const server = await startFetchServer(text('<p>It is sk-live/<b>ABC+123</b>.</p>', 'text/html'))
    const outcome = await run(server, { url: server.url, authorization: '<t3>', options: { format } })
    expect(outcome).toEqual({ kind: 'data', data: { status: 200, body: 'It is [secret].' } })
  })

  test('keeps the rest of the text', async () => {
    const server = await startFetchServer((seen, response) =>
      json({ got: seen.headers.authorization, n: 12345 })(seen, response),
    )
    const deps = { secrets: async () => ({ type: 'bearer', value: '12345' }) as const }
    expect(await run(server, { url: server.url, authorization: '<t3>' }, { deps })).toEqual({
      kind: 'data',
      data: { got: 'Bearer [secret]', n: '[secret]' },
    })
  })

  test('reveals nothing of a long secret, except less than one piece where the server cut it', async () => {
    const value = Array.from({ length: 500 }, (_, index) => `${index}/`).join('')
    const server = await startFetchServer((seen, response) =>
      text(`${seen.headers['x-key']}`.slice(0, 1500))(seen, response),
    )
    const deps = { secrets: async () => ({ type: 'plain', value }) as const }
    const outcome = await run(server, { url: server.url, headers: { 'x-key': '<t4>' } }, { deps })
    const { body } = (outcome as { data: { body: string } }).data
    expect(body).toMatch(/^\[secret\][\d/]{0,63}$/)
  })

  test('reveals no half of a secret where the response is cut', async () => {
    const secret = 'sk-live/ABC+123'
    const server = await startFetchServer(text(`${'x'.repeat(524_288 - 8)}${secret}`))
    const outcome = await run(server, { url: server.url, authorization: '<t3>' })
    expect(outcome).toMatchObject({ kind: 'data', data: { truncated: true } })
    expect(JSON.stringify(outcome)).not.toContain('sk-')
    expect(JSON.stringify(outcome)).toContain('xxxx')
  })

  test('in its redirect reveals no secret', async () => {
    const server = await startFetchServer((seen, response) =>
      redirect(`http://${seen.headers['x-token']}.local/`)(seen, response),
    )
    const deps = { secrets: async () => ({ type: 'plain', value: 'hidden-word' }) as const }
    expect(await run(server, { url: server.url, headers: { 'x-token': '<t4>' } }, { deps })).toEqual({
      kind: 'error',
      message: 'The host [secret].local is internal. The setting FETCH_ALLOW of the server opens internal hosts.',
    })
  })

  test('in its content type reveals no secret', async () => {
    const server = await startFetchServer((seen, response) =>
      text('x', `image/${seen.headers['x-token']}`)(seen, response),
    )
    const deps = { secrets: async () => ({ type: 'plain', value: 'hidden-word' }) as const }
    expect(await run(server, { url: server.url, headers: { 'x-token': '<t4>' } }, { deps })).toEqual({
      kind: 'error',
      message: 'Response is not text, but image/[secret]',
    })
  })
})
