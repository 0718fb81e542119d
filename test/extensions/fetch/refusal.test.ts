import { describe, expect, test } from 'vitest'
import { fetchRequestFault } from '../../../src/extensions/fetch/options.ts'
import { references, run } from './run.ts'
import { json, startFetchServer } from './server.ts'

describe('nothing is sent for', () => {
  test.each<[string, (url: string) => unknown, string]>([
    ['no request', () => null, 'A fetch takes a URL, raw HTTP, or an object.'],
    ['a list', () => [], 'A fetch takes a URL, raw HTTP, or an object.'],
    ['prose', () => 'Get me the weather', 'The URL is not valid'],
    ['empty text', () => '', 'neither a URL, nor METHOD URL'],
    ['a URL with a line break', (url) => `${url}/a\nX-Evil: 1`, 'The URL holds a line break.'],
    ['a URL with a line break in raw HTTP', (url) => `GET ${url}/a\rX: y`, 'neither a URL, nor METHOD URL'],
    ['a header without a colon', (url) => `GET ${url}\nX-A 1`, 'is not a header like name: value'],
    ['a folded header', (url) => `GET ${url}\nX-A: 1\n 2`, 'is not a header like name: value'],
    ['a header twice', (url) => `GET ${url}\nX-A: 1\nx-a: 2`, 'The header x-a appears twice.'],
    ['a method that proxies take', (url) => `TRACE ${url}`, 'The method "TRACE" is not one of'],
    ['no URL', () => ({ method: 'GET' }), 'The field url takes a text, number or boolean.'],
    ['headers that are a list', (url) => ({ url, headers: ['a: b'] }), 'The field headers takes an object.'],
    ['a header that is a list', (url) => ({ url, headers: { a: ['b'] } }), 'The field headers.a takes a text'],
    [
      'a header with a line break',
      (url) => ({ url, headers: { 'x-a': '1\r\nx-b: 2' } }),
      'The header x-a holds a line break',
    ],
    [
      'a reference with a line break in a header',
      (url) => ({ url, headers: { 'x-a': '<t1>' } }),
      'The header x-a holds a line break',
    ],
    [
      'a reference in the name of a header',
      (url) => ({ url, headers: { 'x-<t1>': 'a' } }),
      'The name of a header contains a reference',
    ],
    [
      'a reference in the name of a field',
      (url) => ({ url, body: { '<t1>': 'a' } }),
      'The name of a field contains the reference CONTACT_NAME',
    ],
    ['a reference for the host', () => 'http://<t1>.example.com/', 'The URL is not valid'],
    ['a reference for the URL', () => '<t1>', 'neither a URL, nor'],
    ['a path that climbs', (url) => `${url}/users/../admin`, 'contains . or .. as a segment'],
    ['a path that climbs, encoded', (url) => `${url}/users/%2E%2e/admin`, 'contains . or .. as a segment'],
    ['a path that climbs with a backslash', (url) => `${url}/users\\..\\admin`, 'contains . or .. as a segment'],
    ['a path field that climbs', (url) => ({ url, path: 'users/../../admin' }), 'contains . or .. as a segment'],
    ['an item of a path that climbs', (url) => ({ url, path: ['users', '..'] }), 'contains . or .. as a segment'],
    [
      'a nested query',
      (url) => ({ url, query: { a: { b: 1 } } }),
      'The field query.a takes a text, number or boolean.',
    ],
    ['a query that is a text', (url) => ({ url, query: 'a=b' }), 'The field query takes an object or a list.'],
    [
      'a nested form',
      (url) => ({ url, body: { a: { b: 1 } }, headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
      'The field body.a takes a text',
    ],
    [
      'a list as a form',
      (url) => ({ url, body: ['a'], headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
      'The field body takes an object or a text to be sent as a form.',
    ],
    [
      'a reference outside of a string of JSON',
      (url) => `POST ${url}\ncontent-type: application/json\n\n{"a": <t1>}`,
      'The body is not JSON as its content type says',
    ],
    [
      'a reference in a body of unknown form',
      (url) => `POST ${url}\ncontent-type: text/csv\n\na,<t1>`,
      'A body of type text/csv cannot have references filled in.',
    ],
    [
      'a field that there is not',
      (url) => ({ url, retries: 3 }),
      'There is no field "retries" of a fetch; there are url, uri,',
    ],
    [
      'an option that we do not have',
      (url) => ({ url, options: { jmespath: 'a' } }),
      'There is no option "jmespath" of a fetch',
    ],
    [
      'a format that we do not have',
      (url) => ({ url, options: { format: 'toon' } }),
      'The format "toon" of a fetch is not one of',
    ],
  ])('%s', async (_title, request, message) => {
    const server = await startFetchServer(json('ok'))
    const outcome = await run(server, request(server.url))
    expect(outcome).toEqual({ kind: 'error', message: expect.stringContaining(message) })
    expect(server.seen).toEqual([])
  })

  test('a reference that is two dots', async () => {
    const server = await startFetchServer(json('ok'))
    const outcome = await run(server, `${server.url}/u/<t1>/x`, { references: { ...references, CONTACT_NAME: '..' } })
    expect(outcome).toEqual({ kind: 'error', message: 'The path of the URL contains . or .. as a segment.' })
    expect(server.seen).toEqual([])
  })

  test('an internal host', async () => {
    const server = await startFetchServer(json('ok'))
    expect(await run(server, 'http://169.254.169.254/latest')).toEqual({
      kind: 'error',
      message:
        'The address 169.254.169.254 is not public (link-local). The setting FETCH_ALLOW of the server opens internal hosts.',
    })
  })
})

describe('when a dispatch is accepted', () => {
  test.each<[unknown, object, string | null]>([
    ['https://example.com/$[x]', {}, null],
    [{ url: '$[u]', options: { 'format?': '$[f]', text: true } }, { timeout: '$[t]', format: 'json' }, null],
    [{ 'url?': 'x', 'body?': {} }, { text: '' }, null],
    [{ url: 'x', rerank: 1 }, {}, 'There is no field "rerank"'],
    [{ url: 'x', options: { selectors: ['a'] } }, {}, 'There is no option "selectors"'],
    [{ url: 'x', options: { debug: true } }, {}, 'There is no option "debug"'],
    [{ url: 'x', options: 'text' }, {}, 'The field options of a fetch takes an object.'],
    ['x', { jsonpath: '$.a' }, 'There is no setting "jsonpath" of a fetch; there are timeout, format, text.'],
    [7, {}, 'A fetch takes a URL'],
  ])('%j with %j: %j', (request, settings, fault) => {
    const found = fetchRequestFault(request, settings as Record<string, unknown>)
    expect(found).toEqual(fault === null ? null : expect.stringContaining(fault))
  })
})
