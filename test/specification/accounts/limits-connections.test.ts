import { once } from 'node:events'
import { createClient } from 'graphql-ws'
import { expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { post } from '../../server/ask.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { ids } from '../../support/run/runs.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

const subscription = (channelId: string) => `subscription { channelEvents(channelId: "${channelId}") { __typename } }`
const sse = (service: Service, abort: AbortController) =>
  fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: subscription(ids.channelId()) }),
    signal: abort.signal,
  })

async function upgrade(service: Service, headers: Record<string, string> = {}) {
  const socket = opened(new WebSocket(service.wsUrl, 'graphql-transport-ws', { headers }))
  const taken = once(socket, 'open').then(() => 101)
  const refused = once(socket, 'unexpected-response').then(([, response]) => Number(response.statusCode))
  socket.on('error', () => {})
  return { status: await Promise.race([taken, refused]), socket }
}

const firstError = (client: ReturnType<typeof createClient>) =>
  client.iterate({ query: subscription(ids.channelId()) }).next()

test('a connection is limited in its subscriptions; one that ends makes room', async () => {
  const service = await startService({ env: { SUBSCRIPTIONS_PER_CONNECTION: '2' } })
  const client = opened(createClient({ url: service.wsUrl, webSocketImpl: WebSocket, retryAttempts: 0, lazy: false }))
  const open = [0, 1].map(() => client.iterate({ query: subscription(ids.channelId()) }))
  const pulled = open.map((each) => each.next())
  const refusal = await firstError(client)
  expect(refusal.value).toMatchObject({
    errors: [{ extensions: { code: 'LIMIT_EXCEEDED', retryAfterSeconds: 5 } }],
  })
  await open[0]?.return?.()
  await pulled[0]
  await vi.waitFor(async () => {
    const outcome = await Promise.race([firstError(client), new Promise((resolve) => setImmediate(resolve, 'open'))])
    expect(outcome).toBe('open')
  })
})

test('an account is limited in subscriptions across its connections; a client that leaves makes room', async () => {
  const service = await startService({ env: { SUBSCRIPTIONS_PER_ACCOUNT: '2' } })
  const aborts = [new AbortController(), new AbortController()] as const
  for (const abort of aborts) expect((await sse(service, abort)).status).toBe(200)
  const refused = await sse(service, new AbortController())
  expect(refused.headers.get('retry-after')).toBe('5')
  expect(await refused.text()).toContain('"code":"LIMIT_EXCEEDED"')
  aborts[0].abort()
  const last = new AbortController()
  await vi.waitFor(async () => {
    const abort = new AbortController()
    const response = await sse(service, abort)
    const isOpen = response.headers.get('retry-after') === null
    if (!isOpen) await response.text()
    else last.signal.addEventListener('abort', () => abort.abort())
    expect(isOpen).toBe(true)
  })
  aborts[1].abort()
  last.abort()
})

test('an address is limited in connections; health always answers, and a closed connection makes room', async () => {
  const service = await startService({ env: { CONNECTIONS_PER_ADDRESS: '2' } })
  const [first, second] = [await upgrade(service), await upgrade(service)]
  expect([first.status, second.status]).toEqual([101, 101])
  expect((await upgrade(service)).status).toBe(429)
  const response = await post(service.url, { query: '{ models { id } }' }, { connection: 'close' })
  expect(response.status).toBe(429)
  expect(response.headers.get('retry-after')).toBe('5')
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'LIMIT_EXCEEDED' } }] })
  expect((await fetch(`${service.url}/health`)).status).toBe(200)
  first.socket.close()
  await vi.waitFor(async () => {
    const again = await upgrade(service)
    again.socket.terminate()
    expect(again.status).toBe(101)
  })
})

test('behind a proxy the last address in the header counts, whatever precedes it', async () => {
  const service = await startService({
    env: { CONNECTIONS_PER_ADDRESS: '1', CLIENT_ADDRESS_HEADER: 'X-Forwarded-For' },
  })
  const from = (text: string) => upgrade(service, { 'x-forwarded-for': text })
  const open = [await from('203.0.113.1'), await from('203.0.113.2')]
  expect(open.map(({ status }) => status)).toEqual([101, 101])
  expect((await from('198.51.100.9, 203.0.113.1')).status).toBe(429)
})

test('a body that is larger than configured is refused', async () => {
  const service = await startService({ env: { MAX_REQUEST_BYTES: '1000' } })
  const response = await post(service.url, { query: `{ models { id } } # ${'x'.repeat(1000)}` })
  expect(response.status).toBe(413)
})

test('hundreds of introspections in one operation are refused; a single one is not', async () => {
  const service = await startService()
  const { getIntrospectionQuery } = await import('graphql')
  expect((await (await post(service.url, { query: getIntrospectionQuery() })).json()).errors).toBeUndefined()
  const alias = (n: number) => `a${n}: __schema { types { fields { name args { name } } } }`
  const query = `{ ${Array.from({ length: 100 }, (_, n) => alias(n)).join(' ')} }`
  expect(await (await post(service.url, { query })).json()).toMatchObject({
    errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
  })
})

test('introspection and GraphiQL can be turned off', async () => {
  const service = await startService({ env: { INTROSPECTION: 'off', GRAPHIQL: 'off' } })
  expect(await (await post(service.url, { query: '{ __schema { __typename } }' })).json()).toMatchObject({
    errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
  })
  expect(await (await post(service.url, { query: '{ __typename }' })).json()).toEqual({ data: { __typename: 'Query' } })
  const page = await fetch(`${service.url}/graphql`, { headers: { accept: 'text/html' } })
  expect(page.headers.get('content-type')).not.toContain('text/html')
  expect(page.status).toBeGreaterThanOrEqual(400)
})
