import { createClient as createSseClient } from 'graphql-sse'
import { createClient } from 'graphql-ws'
import { beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { dataOf, mintToken, overHttp, overSse, overWebsocket, refusalOf } from '../../support/isolation/callers.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

const key = 'a-key-of-the-owner'
const env = { API_KEYS: `owner:${key}` }
const query = 'subscription ($channelId: ID!) { channelEvents(channelId: $channelId) { __typename } }'
const dispatchQuery =
  'mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId } }'

let service: Service
beforeAll(async () => {
  service = await startService({ env })
})

const mint = async (channelId: string, expiresInSeconds: number) =>
  `Bearer ${await mintToken(service.url, key, { channelId, expiresInSeconds })}`

async function dispatchTo(channelId: string): Promise<void> {
  const variables = { input: { channelId, messages: [{ type: 'USER', text: 'Hello' }] } }
  await dataOf(service.url, { query: dispatchQuery, variables, authorization: `Bearer ${key}` })
}

describe('a token that expires while it watches', () => {
  test('closes its WebSocket with 4403 and is refused afterwards', async () => {
    const channelId = 'watched-by-websocket'
    const authorization = await mint(channelId, 1)
    const call = { query, variables: { channelId }, authorization }
    expect(await overWebsocket(service.url, call)).toEqual({ results: [], closed: 4403 })
    expect(await overWebsocket(service.url, call)).toEqual({ results: [], closed: 4403 })
  })

  test('ends its event stream without `complete` and cannot open another', async () => {
    const channelId = 'watched-by-event-stream'
    const authorization = await mint(channelId, 1)
    const response = await fetch(`${service.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization },
      body: JSON.stringify({ query, variables: { channelId } }),
    })
    expect(response.status).toBe(200)
    expect(await response.text()).toMatch(/^(:\n\n)*$/)
    expect(refusalOf(await overSse(service.url, { query, variables: { channelId }, authorization }))).toEqual([
      'UNAUTHENTICATED',
    ])
  })

  test('is replaced by a fresh one in graphql-ws with default options, and no event is missed', async () => {
    const channelId = 'watched-by-graphql-ws'
    const lifetimes = [1, 3600]
    const closed: number[] = []
    const client = opened(
      createClient({
        url: service.wsUrl,
        webSocketImpl: WebSocket,
        connectionParams: async () => ({ authorization: await mint(channelId, lifetimes.shift() ?? 0) }),
        on: {
          connected: () => void (lifetimes.length === 0 && dispatchTo(channelId)),
          closed: (event) => void closed.push((event as { code: number }).code),
        },
      }),
    )
    const kinds: string[] = []
    for await (const { data } of client.iterate<{ channelEvents: { __typename: string } }>({
      query,
      variables: { channelId },
    }))
      kinds.push(data?.channelEvents.__typename ?? '')
    expect([kinds[0], kinds.at(-1), closed]).toEqual(['DispatchQueued', 'DispatchCompleted', [4403]])
  })

  test('is replaced by a fresh one in graphql-sse with default options', async () => {
    const channelId = 'watched-by-graphql-sse'
    const lifetimes = [1, 3600]
    const client = opened(
      createSseClient({
        url: `${service.url}/graphql`,
        headers: async () => {
          const authorization = await mint(channelId, lifetimes.shift() ?? 0)
          if (lifetimes.length === 0) await dispatchTo(channelId)
          return { authorization }
        },
      }),
    )
    const kinds: string[] = []
    for await (const { data } of client.iterate<{ channelEvents: { __typename: string } }>({
      query,
      variables: { channelId },
    }))
      kinds.push(data?.channelEvents.__typename ?? '')
    expect([kinds[0], kinds.at(-1)]).toEqual(['DispatchQueued', 'DispatchCompleted'])
  })
})

describe('on Redis', () => {
  test('a token works on every process with the same TOKEN_SECRET, and on no other', async () => {
    const redis = await startRedis()
    const open = (secret: string) =>
      startService({ redisUrl: redis.url, role: 'api', env: { ...env, TOKEN_SECRET: secret } })
    const secrets = ['the-secret-that-two-processes-share', 'the-secret-that-two-processes-share', 'x'.repeat(32)]
    const services = await Promise.all(secrets.map(open))
    const [one, two, other] = services.map(({ url }) => url)
    const authorization = await mintToken(one ?? '', key, { channelId: 'a-channel-on-redis' })
    const call = { query: '{ dispatch(channelId: "a-channel-on-redis") { id } }', authorization }
    expect(await dataOf(two ?? '', call)).toEqual({ dispatch: null })
    expect(refusalOf(await overHttp(other ?? '', call))).toEqual(['UNAUTHENTICATED'])
    await Promise.all(services.map(({ close }) => close()))
  })

  test('without TOKEN_SECRET no token is minted, and a dispatch that asks for one is refused', async () => {
    const redis = await startRedis()
    const { url, close } = await startService({ redisUrl: redis.url, role: 'api', env })
    const authorization = `Bearer ${key}`
    const channelId = 'asks-for-a-token-here'
    const input = { channelId, messages: [{ type: 'USER', text: 'Hello' }], channelToken: {} }
    const { results } = await overHttp(url, { query: dispatchQuery, variables: { input }, authorization })
    expect(results[0]?.errors).toMatchObject([
      {
        message: 'This server has no TOKEN_SECRET, so it cannot mint channel tokens.',
        extensions: { code: 'UNAVAILABLE' },
      },
    ])
    const look = { query: `{ dispatch(channelId: "${channelId}") { id } }`, authorization }
    expect(await dataOf(url, look)).toEqual({ dispatch: null })
    await close()
  })
})
