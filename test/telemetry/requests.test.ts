import { createClient } from 'graphql-ws'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { opened } from '../support/lifetime/opened.ts'
import { type ObservedService, startObservedService } from '../support/service/observed-service.ts'

const key = 'a-secret-that-is-long-enough'
let service: ObservedService
beforeEach(async () => {
  service = await startObservedService({ env: { API_KEYS: `acme:${key}` } })
})

const lines = (message: string) =>
  service.log.map((line) => JSON.parse(line)).filter(({ msg }) => msg === message) as Record<string, unknown>[]
const mutation = 'mutation { dispatchConversation(input: { messages: [{ type: USER, text: "Hi" }] }) { channelId } }'

function ask(headers: Readonly<Record<string, string>>): Promise<Response> {
  const body = JSON.stringify({ query: mutation })
  const given = { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...headers }
  return fetch(`${service.url}/graphql?secretQuery=1`, { method: 'POST', headers: given, body })
}

test('a request keeps its id in the answer and in all its log lines, which name account and channel', async () => {
  const response = await ask({ 'x-request-id': 'from-the-balancer:1' })
  expect(response.headers.get('x-request-id')).toBe('from-the-balancer:1')
  const { data } = (await response.json()) as { data: { dispatchConversation: { channelId: string } } }
  const { channelId } = data.dispatchConversation
  await vi.waitFor(() => expect(lines('request')).toHaveLength(1))
  const scope = { requestId: 'from-the-balancer:1', account: 'acme' }
  const request = { ...scope, method: 'POST', path: '/graphql', status: 200, durationMs: expect.any(Number) }
  expect(lines('request')[0]).toMatchObject({ ...request, level: 'debug' })
  expect(lines('dispatched')[0]).toMatchObject({
    ...scope,
    channel: channelId,
    model: expect.any(String),
    level: 'info',
  })
})

describe('an id is minted', () => {
  test.for([
    ['where there is none', {}],
    ['for one that is too short', { 'x-request-id': 'short' }],
    ['for one with other characters', { 'x-request-id': 'from the "balancer"' }],
    ['for one that is too long', { 'x-request-id': 'a'.repeat(129) }],
  ] as const)('%s', async ([, headers]) => {
    const id = (await ask(headers)).headers.get('x-request-id')
    expect(id).toMatch(/^req_[A-Za-z0-9]{22}$/)
    await vi.waitFor(() => expect(lines('request')[0]?.['requestId']).toBe(id))
  })
})

test('a refused request has an id too, and no account', async () => {
  const response = await ask({ authorization: 'Bearer wrong-key-wrong-key' })
  expect(response.headers.get('x-request-id')).toMatch(/^req_/)
  await vi.waitFor(() => expect(lines('request')).toHaveLength(1))
  expect(lines('request')[0]).toMatchObject({ status: response.status })
  expect(lines('request')[0]).not.toHaveProperty('account')
})

test('the log lines of a run name account and channel, not the request that started it', async () => {
  const { data } = (await (await ask({})).json()) as { data: { dispatchConversation: { channelId: string } } }
  const channel = data.dispatchConversation.channelId
  await vi.waitFor(() => expect(lines('ended')).toHaveLength(1))
  expect(lines('started')[0]).toMatchObject({ account: 'acme', channel, attempt: 1, how: 'first', level: 'info' })
  const ended = { account: 'acme', channel, outcome: 'completed', code: null, durationMs: expect.any(Number), calls: 0 }
  expect(lines('ended')[0]).toMatchObject({ ...ended, level: 'info' })
  for (const line of [...lines('started'), ...lines('ended')]) expect(line).not.toHaveProperty('requestId')
})

test('operations on a WebSocket have the id and account of their connection', async () => {
  class Socket extends WebSocket {
    constructor(url: string, protocol: string) {
      super(url, protocol, { headers: { 'x-request-id': 'the-connection' } })
    }
  }
  const client = opened(
    createClient({
      url: service.wsUrl,
      webSocketImpl: Socket,
      connectionParams: { authorization: `Bearer ${key}` },
    }),
  )
  for await (const _result of client.iterate({ query: mutation })) break
  expect(lines('dispatched')[0]).toMatchObject({ requestId: 'the-connection', account: 'acme' })
})

test('readiness is not logged', async () => {
  await fetch(`${service.url}/ready`)
  await ask({})
  await vi.waitFor(() => expect(lines('request')).toHaveLength(1))
  expect(lines('request')[0]).toMatchObject({ path: '/graphql' })
})
