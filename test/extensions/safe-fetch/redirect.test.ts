import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { FetchFailed, FetchRefused } from '../../../src/extensions/safe-fetch/fault.ts'
import { createSafeFetch, type FetchRequest } from '../../../src/extensions/safe-fetch/safe-fetch.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { type FetchServer, redirect, startFetchServer, text } from '../fetch/server.ts'

function ask(servers: readonly FetchServer[], request: Partial<FetchRequest> & { url: string }) {
  const safeFetch = opened(
    createSafeFetch({ allow: servers.map(({ host }) => host), lookup: async () => ['10.9.9.9'] }),
  )
  return safeFetch.fetch({ signal: new AbortController().signal, timeoutMs: 5000, maxBytes: 1000, ...request })
}

const here = () => startFetchServer(text('here'))

/** Counts down in the path: `/3` goes to `/2`, and `/0` is the end. */
const countdown = () =>
  startFetchServer((request, response) => {
    const left = Number(request.url.slice(1))
    if (left === 0) response.end('end')
    else response.writeHead(302, { location: `/${left - 1}` }).end('a body that nobody reads')
  })

test('follows five redirects and says where it ended', async () => {
  const server = await countdown()
  const { status, url } = await ask([server], { url: `${server.url}/5` })
  expect([status, url, server.seen.length]).toEqual([200, `${server.url}/0`, 6])
})

test.each([
  [undefined, '/6', 'There were more than 5 redirects.', 6],
  [20, '/6', 'There were more than 5 redirects.', 6],
  [1, '/2', 'There were more than 1 redirects.', 2],
  [0, '/1', 'There were more than 0 redirects.', 1],
])('with the limit %j stops at %j', async (redirects, path, message, requests) => {
  const server = await countdown()
  const request = { url: server.url + path, ...(redirects !== undefined && { redirects }) }
  await expect(ask([server], request)).rejects.toEqual(new FetchFailed(message))
  expect(server.seen).toHaveLength(requests)
})

test.each([
  [301, 'POST', 'GET', ''],
  [302, 'POST', 'GET', ''],
  [303, 'POST', 'GET', ''],
  [303, 'PUT', 'GET', ''],
  [303, 'DELETE', 'GET', ''],
  [303, 'HEAD', 'HEAD', ''],
  [301, 'PUT', 'PUT', 'text'],
  [302, 'PATCH', 'PATCH', 'text'],
  [307, 'POST', 'POST', 'text'],
  [308, 'PUT', 'PUT', 'text'],
])('after %i asks a %s again as %s', async (status, method, next, body) => {
  const end = await here()
  const start = await startFetchServer(redirect(`${end.url}/end`, status))
  const headers = { 'content-type': 'text/plain', 'content-language': 'en', 'x-plain': '1' }
  await ask([start, end], { url: start.url, method, headers, body: method === 'HEAD' ? null : 'text' })
  const [seen] = end.seen
  const isKept = body !== '' || method === 'HEAD'
  expect([seen?.method, seen?.body, seen?.headers['content-type'], seen?.headers['content-language']]).toEqual(
    isKept ? [next, body, 'text/plain', 'en'] : [next, '', undefined, undefined],
  )
  expect(seen?.headers['x-plain']).toBe('1')
})

const credentials = { Authorization: 'Bearer a', Cookie: 'b=c', 'X-Api-Key': 'd', 'X-Plain': 'e' }

test('keeps credentials within an origin', async () => {
  const server = await countdown()
  await ask([server], { url: `${server.url}/1`, headers: credentials, secretHeaders: ['X-Api-Key'] })
  expect(server.seen[1]?.headers).toMatchObject({
    authorization: 'Bearer a',
    cookie: 'b=c',
    'x-api-key': 'd',
    'x-plain': 'e',
  })
})

test('drops credentials when the origin changes, and does not restore them on the way back', async () => {
  const urls = { first: '' }
  const other = await startFetchServer((request, response) => redirect(`${urls.first}/back`)(request, response))
  const first = await startFetchServer((request, response) =>
    (request.url === '/back' ? text('end') : redirect(other.url))(request, response),
  )
  urls.first = first.url
  await ask([first, other], { url: first.url, headers: credentials, secretHeaders: ['X-Api-Key'] })
  for (const { headers } of [other.seen[0], first.seen[1]].map((seen) => seen ?? { headers: {} })) {
    expect(headers).toMatchObject({ 'x-plain': 'e' })
    expect(Object.keys(headers)).not.toContain('authorization')
    expect(Object.keys(headers)).not.toContain('cookie')
    expect(Object.keys(headers)).not.toContain('x-api-key')
  }
  expect(first.seen[0]?.headers.authorization).toBe('Bearer a')
})

test.each([
  ['http://127.0.0.1:8000/', 'not public (loopback)'],
  ['http://169.254.169.254/latest', 'not public (link-local)'],
  ['http://localhost/', 'internal'],
  ['http://inside.example/', 'not public (private)'],
  ['//2130706433/', 'not public (loopback)'],
  ['file:///etc/passwd', 'only http: and https:'],
  ['http://user:pass@example.com/', 'user name or password'],
  ['http://example.com:25/', 'blocked'],
  ['http://[', 'not a URL'],
])('refuses a redirect to %j', async (location, reason) => {
  const server = await startFetchServer(redirect(location))
  const error = await ask([server], { url: server.url }).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(FetchRefused)
  expect((error as Error).message).toContain(reason)
})

test('refuses a redirect to another port of a host that is allowed at one port', async () => {
  const other = await here()
  const server = await startFetchServer(redirect(other.url))
  await expect(ask([server], { url: server.url })).rejects.toThrow(FetchRefused)
  expect(other.seen).toEqual([])
})

test('refuses a redirect from https to http', async () => {
  const other = await here()
  const server = await startFetchServer(redirect(other.url))
  const safeFetch = opened(
    createSafeFetch({
      allow: ['secure.corp', other.host],
      lookup: async () => ['127.0.0.1'],
      // The server behind it does without TLS, which undici cannot tell.
      dial: () => (_options, callback) => {
        const socket = connect(server.port, '127.0.0.1', () => callback(null, socket))
      },
    }),
  )
  const response = safeFetch.fetch({
    url: 'https://secure.corp/',
    signal: new AbortController().signal,
    timeoutMs: 5000,
    maxBytes: 1000,
  })
  await expect(response).rejects.toEqual(new FetchRefused(`secure.corp redirects from https to http at ${other.host}.`))
  expect(other.seen).toEqual([])
})

test('returns a redirect without a location as it is', async () => {
  const server = await startFetchServer((_request, response) => response.writeHead(302).end('lost'))
  expect((await ask([server], { url: server.url })).status).toBe(302)
})

test.each([
  ['letters in UTF-8', Buffer.from('/café?q=日').toString('latin1'), '/caf%C3%A9?q=%E6%97%A5'],
  ['letters in another charset', '/caf\xe9', '/caf%E9'],
  ['spaces', '/a b', '/a%20b'],
  ['no path at all', '?x=1', '/?x=1'],
])('follows a location with %s as browsers do', async (_title, location, path) => {
  const server = await startFetchServer((request, response) => {
    if (request.url !== '/') return response.end('end')
    return response.writeHead(302, ['location', location]).end()
  })
  await ask([server], { url: server.url })
  expect(server.seen.map(({ url }) => url)).toEqual(['/', path])
})

const cookiesSeen = (server: FetchServer) => server.seen.map(({ headers }) => headers.cookie)

/** Sets cookies at the first request, and sends it on. */
const setting = (location: string, ...cookies: string[]) =>
  startFetchServer((request, response) => {
    if (request.url !== '/') return response.end('end')
    return response.writeHead(302, { location, 'set-cookie': cookies }).end()
  })

test('keeps the cookies of a redirect for its host, and forgets them with the fetch', async () => {
  const server = await setting('/in', 'seen=1; Path=/', 'gone=1; Max-Age=0', 'else=1; Path=/elsewhere')
  await ask([server], { url: server.url })
  await ask([server], { url: server.url })
  expect(cookiesSeen(server)).toEqual([undefined, 'seen=1', undefined, 'seen=1'])
})

test('a page that is shown only to who takes its cookie is reached', async () => {
  const server = await startFetchServer((request, response) => {
    if (request.headers.cookie === 'ok=1') response.end('the page')
    else response.writeHead(302, { location: '/', 'set-cookie': 'ok=1; Path=/; HttpOnly; SameSite=Lax' }).end()
  })
  const { status, body } = await ask([server], { url: server.url })
  expect([status, Buffer.from(body).toString()]).toEqual([200, 'the page'])
})

test('cookies join those of the caller, whose own of the same name are replaced', async () => {
  const server = await setting('/in', 'b=new')
  await ask([server], { url: server.url, headers: { cookie: 'a=1; b=old' } })
  expect(cookiesSeen(server)).toEqual(['a=1; b=old', 'a=1; b=new'])
})

test('no other host gets a cookie, whatever domain it names', async () => {
  const server = await setting('http://b.test/', 'a=1', 'b=1; Domain=b.test', 'c=1; Domain=test')
  const safeFetch = opened(
    createSafeFetch({
      allow: ['a.test', 'b.test'],
      lookup: async () => ['10.9.9.9'],
      dial: () => (_options, callback) => {
        const socket = connect(server.port, '127.0.0.1', () => callback(null, socket))
      },
    }),
  )
  const signal = new AbortController().signal
  await safeFetch
    .fetch({ url: 'http://a.test/', signal, timeoutMs: 5000, maxBytes: 1000, redirects: 1 })
    .catch(() => {})
  expect(server.seen.map(({ headers }) => [headers.host, headers.cookie])).toEqual([
    ['a.test', undefined],
    ['b.test', undefined],
  ])
})
