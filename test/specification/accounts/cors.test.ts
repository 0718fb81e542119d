import { once } from 'node:events'
import { request } from 'node:http'
import { beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { opened } from '../../support/lifetime/opened.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

const app = 'https://app.example.com'
let open: Service
let keyed: Service
beforeAll(async () => {
  open = await startService({ env: { CORS_ORIGINS: app } })
  keyed = await startService({ env: { API_KEYS: 'acme:acme-key-0123456789', CORS_ORIGINS: '*' } })
})

interface Sent {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
}

const types = { 'content-type': 'application/json', accept: 'application/graphql-response+json' }

/** Not by `fetch`, which has headers that it does not send. */
async function send(service: Service, { method = 'POST', path = '/graphql', headers = {} }: Sent) {
  const sent = request(`${service.url}${path}`, { method, headers: { ...types, ...headers } })
  sent.end(method === 'POST' ? '{"query":"{ models { id } }"}' : undefined)
  const [response] = await once(sent, 'response')
  response.resume()
  await once(response, 'end')
  return response as { readonly statusCode: number; readonly headers: Readonly<Record<string, string | undefined>> }
}

async function upgrade(service: Service, options: { origin?: string; headers?: Record<string, string> }) {
  const socket = opened(new WebSocket(service.wsUrl, 'graphql-transport-ws', options))
  const taken = once(socket, 'open').then(() => 101)
  const refused = once(socket, 'unexpected-response').then(([, response]) => Number(response.statusCode))
  socket.on('error', () => {})
  return Promise.race([taken, refused])
}

describe('a page of a configured origin', () => {
  test('may read its answer, without CORS credentials, and no cache serves it to another page', async () => {
    const { statusCode, headers } = await send(open, { headers: { origin: app } })
    expect(statusCode).toBe(200)
    expect(headers['access-control-allow-origin']).toBe(app)
    expect(headers['access-control-allow-credentials']).toBeUndefined()
    expect(headers['access-control-expose-headers']).toContain('retry-after')
    // Workflow's transport reads it.
    expect(headers['access-control-expose-headers']).toContain('x-workflow-run-id')
    expect(headers['vary']).toContain('Origin')
    expect(await upgrade(open, { origin: app })).toBe(101)
  })

  test.each(['/graphql', '/api/v1/conversation/dispatch'])('gets a preflight answer for %s', async (path) => {
    const asked = { origin: app, 'access-control-request-method': 'POST' }
    const { statusCode, headers } = await send(open, { method: 'OPTIONS', path, headers: asked })
    expect(statusCode).toBe(204)
    expect(headers['access-control-allow-origin']).toBe(app)
    expect(headers['access-control-allow-methods']).toContain('POST')
    for (const name of ['authorization', 'content-type', 'x-timezone', 'last-event-id']) {
      expect(headers['access-control-allow-headers']).toContain(name)
    }
    expect(headers['access-control-allow-credentials']).toBeUndefined()
  })
})

describe('a preflight of an allowed page', () => {
  test('allows the headers that tracing agents add, whatever their names, and no credentials', async () => {
    const wanted = 'baggage,sentry-trace,x-datadog-trace-id, newrelic,X-Own-Header'
    const asked = { 'access-control-request-method': 'POST', 'access-control-request-headers': wanted }
    const { statusCode, headers } = await send(open, { method: 'OPTIONS', headers: { origin: app, ...asked } })
    expect(statusCode).toBe(204)
    for (const name of ['baggage', 'sentry-trace', 'x-datadog-trace-id', 'newrelic', 'x-own-header', 'authorization']) {
      expect(headers['access-control-allow-headers']?.split(', ')).toContain(name)
    }
    expect(headers['access-control-allow-credentials']).toBeUndefined()
    expect(headers['vary']).toContain('Access-Control-Request-Headers')
  })

  test('says back nothing that is no name of a header', async () => {
    const asked = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'a b, *, <x>, x-fine' }
    const { headers } = await send(open, { method: 'OPTIONS', headers: { origin: app, ...asked } })
    expect(headers['access-control-allow-headers']).toMatch(/, \*, x-fine$/)
    expect(headers['access-control-allow-headers']).not.toContain('<')
  })
})

describe('the page of an app', () => {
  const origins = ['capacitor://localhost', 'ionic://localhost', 'tauri://localhost', 'app://obsidian.md']
  test.each([...origins, 'chrome-extension://abcdefghijklmnop', 'http://tauri.localhost'])(
    'of %s may call where it is configured',
    async (origin) => {
      const service = await startService({ env: { CORS_ORIGINS: `${origin},https://app.example.com` } })
      const { statusCode, headers } = await send(service, { headers: { origin } })
      expect([statusCode, headers['access-control-allow-origin']]).toEqual([200, origin])
      expect(await upgrade(service, { origin })).toBe(101)
    },
  )

  test('of an app that is not configured may not', async () => {
    expect((await send(open, { headers: { origin: 'app://obsidian.md' } })).statusCode).toBe(403)
  })
})

describe('a page from any other origin', () => {
  test.each([
    ['a simple content type', { headers: { 'content-type': 'text/plain' } }],
    ['a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    ['JSON', {}],
    ['a mutation in a URL', { method: 'GET', path: '/graphql?query=mutation{cancelDispatch(channelId:%22x%22){id}}' }],
    ['a preflight', { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } }],
    ['REST', { path: '/v1/conversation/dispatch' }],
  ])('is refused, and may not read why: %s', async (_name, sent: Sent) => {
    const headers = { ...sent.headers, origin: 'https://evil.example.com' }
    const response = await send(open, { ...sent, headers })
    expect(response.statusCode).toBe(403)
    expect(response.headers['access-control-allow-origin']).toBeUndefined()
  })

  test('is refused a WebSocket', async () => {
    expect(await upgrade(open, { origin: 'https://app.example.com.evil.com' })).toBe(403)
  })

  test('cannot act by omitting its origin', async () => {
    expect((await send(open, { headers: { 'sec-fetch-site': 'cross-site' } })).statusCode).toBe(403)
    expect((await send(open, { headers: { 'sec-fetch-site': 'same-origin' } })).statusCode).toBe(200)
  })

  test('may call a server with keys whose origins are *, with a key of its own', async () => {
    const origin = 'https://anyone.example.com'
    expect((await send(keyed, { headers: { origin } })).statusCode).toBe(401)
    const authorization = 'Bearer acme-key-0123456789'
    const { statusCode, headers } = await send(keyed, { headers: { origin, authorization } })
    expect(statusCode).toBe(200)
    expect(headers['access-control-allow-origin']).toBe(origin)
  })
})

describe('a name of another machine in the Host header', () => {
  const host = 'rebound.example.com:4000'
  test('is refused without keys, on HTTP, REST and WebSocket (DNS rebinding)', async () => {
    expect((await send(open, { headers: { host } })).statusCode).toBe(403)
    expect((await send(open, { method: 'GET', path: '/openapi.json', headers: { host } })).statusCode).toBe(403)
    expect(await upgrade(open, { headers: { host } })).toBe(403)
  })

  test.each(['localhost:1', '127.0.0.1', '[::1]:4000', 'app.localhost:4000'])('%s is this one', async (name) => {
    expect((await send(open, { headers: { host: name } })).statusCode).toBe(200)
  })

  test('is accepted with keys, because a proxy may pass it on', async () => {
    const authorization = 'Bearer acme-key-0123456789'
    expect((await send(keyed, { headers: { host, authorization } })).statusCode).toBe(200)
  })

  test('does not affect health checks', async () => {
    expect((await send(open, { method: 'GET', path: '/health', headers: { host } })).statusCode).toBe(200)
  })
})
