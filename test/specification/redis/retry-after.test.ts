import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { answerTo, upgradeRequest } from '../../fuzz/raw-bytes.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

let service: Service

const dispatchQuery =
  'mutation { dispatchConversation(input: { messages: [{ type: USER, text: "Hi" }] }) { channelId } }'
const body = { messages: [{ type: 'user', text: 'Hi' }] }
const watchQuery = 'subscription { channelEvents(channelId: "nobody-is-here-01234567") { __typename } }'
const quiet = '/v1/channel/nobody-is-here-01234567/subscribe'

function post(path: string, sent: object, accept = '*/*'): Promise<Response> {
  const headers = { 'content-type': 'application/json', accept }
  return fetch(`${service.url}${path}`, { method: 'POST', headers, body: JSON.stringify(sent) })
}

type Kind = readonly [name: string, send: () => Promise<Response>, status: number]

/** A dispatch that is not taken, as each API and each type of answer tells it. */
const dispatches: readonly Kind[] = [
  ['GraphQL as application/json', () => post('/graphql', { query: dispatchQuery }, 'application/json'), 200],
  [
    'GraphQL as application/graphql-response+json',
    () => post('/graphql', { query: dispatchQuery }, 'application/graphql-response+json'),
    429,
  ],
  ['POST conversation/dispatch', () => post('/v1/conversation/dispatch', body), 429],
  ['POST conversation/complete', () => post('/v1/conversation/complete', body), 429],
  ['POST conversation/complete as JSON Lines', () => post('/v1/conversation/complete', body, 'application/jsonl'), 429],
  ['POST conversation/complete as events', () => post('/v1/conversation/complete', body, 'text/event-stream'), 429],
]

describe('Retry-After', () => {
  test.each(dispatches)('says when the account may dispatch again: %s', async (_name, send, status) => {
    service = await startService({ env: { DISPATCHES_PER_MINUTE: '1' } })
    await post('/v1/conversation/dispatch', body)
    const response = await send()
    expect(response.status).toBe(status)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(50)
    expect(await response.text()).toMatch(/LIMIT_EXCEEDED|TOO_MANY_REQUESTS/)
  })

  const streams: readonly Kind[] = [
    ['POST channel/subscribe', () => post(quiet, {}), 429],
    ['POST channel/subscribe as events', () => post(quiet, {}, 'text/event-stream'), 429],
    ['GET channel/subscribe', () => fetch(`${service.url}${quiet}`), 429],
    ['a GraphQL subscription as events', () => post('/graphql', { query: watchQuery }, 'text/event-stream'), 200],
    ['POST conversation/complete as events', () => post('/v1/conversation/complete', body, 'text/event-stream'), 429],
  ]

  test.each(streams)('is set on a stream over the limit: %s', async (_name, send, status) => {
    service = await startService({ env: { SUBSCRIPTIONS_PER_ACCOUNT: '1' } })
    const open = await post(quiet, {})
    const response = await send()
    expect([response.status, response.headers.get('retry-after')]).toEqual([status, '5'])
    await Promise.all([response.body?.cancel(), open.body?.cancel()])
  })

  test.each([
    [
      '/graphql',
      '{"errors":[{"message":"There are too many connections from this address.","extensions":{"code":"LIMIT_EXCEEDED","retryAfterSeconds":5}}]}',
    ],
    ['/v1/bot/list', '{"message":"There are too many connections from this address.","code":"TOO_MANY_REQUESTS"}'],
  ])('stands on a connection too many: %s, and an upgrade', async (path, told) => {
    service = await startService({ env: { CONNECTIONS_PER_ADDRESS: '1' } })
    const { hostname, port } = new URL(service.url)
    const first = opened(connect(Number(port), hostname))
    await once(first, 'connect')
    const request = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    const answer = await answerTo(service.url, request)
    expect(answer).toMatch(/^HTTP\/1\.1 429 .*\r\n(.*\r\n)*?retry-after: 5\r\n/i)
    expect(answer.split('\r\n\r\n')[1]).toBe(told)
    expect(await answerTo(service.url, upgradeRequest())).toMatch(/^HTTP\/1\.1 429 .*\r\nRetry-After: 5\r\n/)
  })

  test('is set on every 503, and next to UNAVAILABLE with another status', async () => {
    const redis = await startRedis()
    service = await startService({ redisUrl: redis.url })
    await redis.kill('SIGKILL')
    const kinds: readonly Kind[] = [
      ...dispatches.map(([name, send, status]) => [name, send, status === 429 ? 503 : status] as const),
      [
        'GET bot/list as JSON Lines',
        () => fetch(`${service.url}/v1/bot/list`, { headers: { accept: 'application/jsonl' } }),
        503,
      ],
      ['/ready', () => fetch(`${service.url}/ready`), 503],
    ]
    const answers = await Promise.all(
      kinds.map(async ([name, send]) => {
        const response = await send()
        await response.body?.cancel()
        return [name, response.status, response.headers.get('retry-after')]
      }),
    )
    expect(answers).toEqual(kinds.map(([name, , status]) => [name, status, '5']))
    const response = await post('/graphql', { query: dispatchQuery })
    const { errors } = (await response.json()) as { errors: readonly { extensions: object }[] }
    expect(errors[0]?.extensions).toEqual({ code: 'UNAVAILABLE', retryAfterSeconds: 5 })
  }, 60_000)

  test('is not set on errors that waiting cannot fix', async () => {
    service = await startService()
    const refused = [
      await post('/v1/conversation/dispatch', {}),
      await fetch(`${service.url}/v1/conversation/dispatch/nobody-is-here-01234567`),
      await post('/graphql', { query: '{ nothing }' }),
    ]
    expect(refused.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual([
      [400, null],
      [404, null],
      [200, null],
    ])
  })
})
