import { describe, expect, test } from 'vitest'
import { run } from './run.ts'
import { json, startFetchServer } from './server.ts'

/** What a server sees of a request, without the headers that every request has. */
async function seen(request: (url: string) => unknown, settings = {}) {
  const server = await startFetchServer(json('ok'))
  const outcome = await run(server, request(server.url), { settings })
  expect(outcome).toEqual({ kind: 'data', data: 'ok' })
  const [first] = server.seen
  const { host, connection, accept, 'accept-encoding': _, 'user-agent': __, ...headers } = first?.headers ?? {}
  const { 'x-timezone': timezone, 'idempotency-key': key, 'content-length': length, ...rest } = headers
  expect([timezone, key]).toEqual(['Europe/Sofia', 'call_1'])
  expect(length ?? '0').toBe(String(Buffer.byteLength(first?.body ?? '')))
  return [`${first?.method} ${first?.url}`, rest, first?.body]
}

const form = 'application/x-www-form-urlencoded'
/** The value of CONTACT_NAME, percent-encoded. */
const name = "Ann%20%22%3C%26%3E%22%20O'Neil%0A%2F..%2F%3Fx%3D1%23%3Ct3%3E"
const plain = 'Ann "<&>" O\'Neil\n/../?x=1#<t3>'

type Row = readonly [title: string, request: (url: string) => unknown, line: string, headers: object, body: string]

const urls: readonly Row[] = [
  ['a bare URL', (url) => `${url}/a?b=c`, 'GET /a?b=c', {}, ''],
  ['a bare URL with space around', (url) => `\n ${url}/a \n`, 'GET /a', {}, ''],
  ['a bare URL with spaces in it', (url) => `${url}/?q=new york`, 'GET /?q=new%20york', {}, ''],
  ['a reference in the path', (url) => `${url}/u/<t1>/x`, `GET /u/${name.replaceAll("'", "'")}/x`, {}, ''],
  ['a reference in the query', (url) => `${url}/?n=<t1>`, `GET /?n=${name.replaceAll("'", '%27')}`, {}, ''],
  ['a reference without a value', (url) => `${url}/?n=<t2>&m=1`, 'GET /?n=&m=1', {}, ''],
]

const raw: readonly Row[] = [
  ['raw HTTP, one line', (url) => `GET ${url}/a HTTP/1.1`, 'GET /a', {}, ''],
  ['raw HTTP without a version', (url) => `delete ${url}/a`, 'DELETE /a', {}, ''],
  ['raw HTTP with spaces in the URL', (url) => `GET ${url}/?q=a b HTTP/1.1`, 'GET /?q=a%20b', {}, ''],
  [
    'raw HTTP with headers and body',
    (url) => `POST ${url}/a HTTP/1.1\nX-A: 1: 2\nContent-Type: text/plain\n\nline 1\n\nline 2\n`,
    'POST /a',
    { 'x-a': '1: 2', 'content-type': 'text/plain' },
    'line 1\n\nline 2',
  ],
  [
    'raw HTTP with CRLF',
    (url) => `PUT ${url}/a\r\nX-A:1\r\nX-B:\r\n\r\nbody`,
    'PUT /a',
    { 'x-a': '1', 'x-b': '' },
    'body',
  ],
  [
    'raw HTTP as it was pasted, with framing headers',
    (url) => `POST ${url}/a HTTP/1.1\nHost: evil.example\nContent-Length: 999\nConnection: keep-alive\n\nab`,
    'POST /a',
    {},
    'ab',
  ],
  ['raw HTTP whose GET has a body', (url) => `GET ${url}/a\nContent-Type: text/plain\n\nbody`, 'GET /a', {}, ''],
  [
    'references in a JSON text',
    (url) => `POST ${url}/\ncontent-type: application/json\n\n{"name": "Hi <t1>!", "n": 1}`,
    'POST /',
    { 'content-type': 'application/json' },
    JSON.stringify({ name: `Hi ${plain}!`, n: 1 }),
  ],
  [
    'references in a form text',
    (url) => `POST ${url}/\ncontent-type: ${form}\n\na=<t1>&b=1`,
    'POST /',
    { 'content-type': form },
    `a=${name}&b=1`,
  ],
  [
    'references in XML',
    (url) => `POST ${url}/\ncontent-type: application/soap+xml\n\n<a><t1></a>`,
    'POST /',
    { 'content-type': 'application/soap+xml' },
    '<a>Ann &#34;&#60;&#38;&#62;&#34; O&#39;Neil\n/../?x=1#&#60;t3&#62;</a>',
  ],
  [
    'references in YAML text',
    (url) => `POST ${url}/\ncontent-type: text/yaml\n\na: <t1>\n`,
    'POST /',
    { 'content-type': 'text/yaml' },
    `a: |-\n  Ann "<&>" O'Neil\n  /../?x=1#<t3>\n`,
  ],
  [
    'whole numbers beside references in YAML text',
    (url) => `POST ${url}/\ncontent-type: text/yaml\n\na: <t1>\nid: 9007199254740993\none: 1\n`,
    'POST /',
    { 'content-type': 'text/yaml' },
    `a: |-\n  Ann "<&>" O'Neil\n  /../?x=1#<t3>\nid: 9007199254740993\none: 1\n`,
  ],
  ['references in plain text', (url) => `POST ${url}/\n\nHi <t1>`, 'POST /', {}, `Hi ${plain}`],
]

const objects: readonly Row[] = [
  ['an object with a URL alone', (url) => ({ url }), 'GET /', {}, ''],
  ['uri for url', (url) => ({ uri: `${url}/a` }), 'GET /a', {}, ''],
  ['a method in small letters', (url) => ({ url, method: 'patch', body: 'x' }), 'PATCH /', {}, 'x'],
  ['a body without a method: POST', (url) => ({ url, body: 'x' }), 'POST /', {}, 'x'],
  ['a path', (url) => ({ url: `${url}/v1/`, path: '/users' }), 'GET /v1/users', {}, ''],
  ['a path beside a query', (url) => ({ url: `${url}/v1?k=1#top`, path: 'a/b?l=2' }), 'GET /v1/a/b?l=2&k=1', {}, ''],
  [
    'a path of items, each of them one',
    (url) => ({ url, path: ['users', 'a/b?c', 7, '<t1>'] }),
    `GET /users/a%2Fb%3Fc/7/${name}`,
    {},
    '',
  ],
  [
    'a query',
    (url) => ({ url: `${url}/?a=%20`, query: { b: 'x y&z', c: 1, d: true, e: null, f: ['1', 2], g: '<t2>' } }),
    'GET /?a=%20&b=x+y%26z&c=1&d=true&f=1&f=2&g=',
    {},
    '',
  ],
  ['a query as a list', (url) => ({ url, query: [{ a: 1 }, ['b', '&']] }), 'GET /?a=1&b=%26', {}, ''],
  [
    'headers',
    (url) => ({ url, headers: { 'X-A': 'a', 'x-n': 5, 'X-Who': 'to <t2>.' } }),
    'GET /',
    { 'x-a': 'a', 'x-n': '5', 'x-who': 'to .' },
    '',
  ],
  ['authorization', (url) => ({ url, authorization: 'Digest x' }), 'GET /', { authorization: 'Digest x' }, ''],
  [
    'a body that is an object',
    (url) => ({ url, method: 'POST', body: { a: ['<t1>', 0, false, null], b: { c: '<t2>' } } }),
    'POST /',
    { 'content-type': 'application/json' },
    JSON.stringify({ a: [plain, 0, false, null], b: { c: '' } }),
  ],
  [
    'a body that is a number or a list',
    (url) => ({ url, method: 'POST', body: [0] }),
    'POST /',
    { 'content-type': 'application/json' },
    '[0]',
  ],
  ['a body of zero', (url) => ({ url, body: 0 }), 'POST /', { 'content-type': 'application/json' }, '0'],
  [
    'a body as a form',
    (url) => ({ url, method: 'POST', headers: { 'Content-Type': form }, body: { a: '&=', b: [1, 2], c: null } }),
    'POST /',
    { 'content-type': form },
    'a=%26%3D&b=1&b=2',
  ],
  [
    'a body as YAML',
    (url) => ({ url, method: 'POST', headers: { 'Content-Type': 'application/yaml' }, body: { a: 'x: y', b: ['1'] } }),
    'POST /',
    { 'content-type': 'application/yaml' },
    'a: "x: y"\nb:\n  - "1"\n',
  ],
  [
    'a body as JSON of a kind of its own',
    (url) => ({ url, body: { a: 1 }, headers: { 'content-type': 'application/vnd.api+json; charset=utf-8' } }),
    'POST /',
    { 'content-type': 'application/vnd.api+json; charset=utf-8' },
    '{"a":1}',
  ],
  [
    'a body with HEAD or GET, which is dropped with its type',
    (url) => ({ url, method: 'GET', headers: { 'Content-Type': 'text/x', 'x-a': '1' }, body: 'dropped' }),
    'GET /',
    { 'x-a': '1' },
    '',
  ],
  [
    'keys with a question mark, left out when empty',
    (url) => ({
      url,
      'method?': 'PUT',
      'path?': '',
      'query?': { 'a?': '', 'b?': 0, 'c?': '<t2>', d: '' },
      'headers?': { 'x-a?': '', 'x-b?': '1', 'x-c?': null, 'x-d?': '<t2>' },
      body: { 'a?': null, 'b?': [], 'c?': { 'd?': '' }, 'e?': false, f: '', 'g?': [{ 'h?': '' }] },
    }),
    'PUT /?b=0&d=',
    { 'x-b': '1', 'content-type': 'application/json' },
    '{"e":false,"f":"","g":[{}]}',
  ],
  [
    'an object as a type of its own',
    (url) => ({ url, body: { a: 1 }, headers: { 'content-type': 'text/csv' } }),
    'POST /',
    { 'content-type': 'text/csv' },
    '{"a":1}',
  ],
  [
    'framing headers, which the client says itself',
    (url) => ({ url, headers: { Host: 'evil.example', 'Content-Length': 9, 'X-__proto__': 'x' } }),
    'GET /',
    { 'x-__proto__': 'x' },
    '',
  ],
  [
    'keys that mean something to JavaScript',
    (url) => ({ url, body: JSON.parse('{"__proto__": {"a": "<t2>"}, "constructor": 1}') }),
    'POST /',
    { 'content-type': 'application/json' },
    '{"__proto__":{"a":""},"constructor":1}',
  ],
]

describe('on the wire', () => {
  test.each([...urls, ...raw, ...objects])('%s', async (_title, request, line, headers, body) => {
    expect(await seen(request)).toEqual([line, headers, body])
  })

  test('the author may set the idempotency key and the time zone', async () => {
    const server = await startFetchServer(json('ok'))
    await run(server, { url: server.url, headers: { 'Idempotency-Key': 'mine', 'X-Timezone': 'UTC' } })
    expect(server.seen[0]?.headers).toMatchObject({ 'idempotency-key': 'mine', 'x-timezone': 'UTC' })
  })

  test('sends no time zone if none is known', async () => {
    const server = await startFetchServer(json('ok'))
    await run(server, server.url, { deps: { timezone: null } })
    expect(Object.keys(server.seen[0]?.headers ?? {})).not.toContain('x-timezone')
  })
})
