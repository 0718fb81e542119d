import { createClient as createSseClient } from 'graphql-sse'
import { createClient } from 'graphql-ws'
import { beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import {
  dataOf,
  mintConversationToken,
  mintToken,
  overHttp,
  overSse,
  overWebsocket,
  refusalOf,
} from '../../support/isolation/callers.ts'
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

describe('a conversation token that expires while it watches', () => {
  const conversationId = 'a-conversation-that-is-watched'
  const mintChat = async (expiresInSeconds: number) =>
    `Bearer ${await mintConversationToken(service.url, key, { conversationId, expiresInSeconds })}`
  const inChat = 'subscription ($id: ID!) { conversationUpdates(conversationId: $id) { current { status } } }'
  const variables = { id: conversationId }

  test('closes its WebSocket with 4403, ends its event stream, and is refused afterwards', async () => {
    const authorization = await mintChat(1)
    const call = { query: inChat, variables, authorization }
    const [socket, stream] = await Promise.all([overWebsocket(service.url, call), overSse(service.url, call)])
    expect([socket, stream]).toEqual([
      { results: [], closed: 4403 },
      { results: [], closed: null },
    ])
    expect(await overWebsocket(service.url, call)).toEqual({ results: [], closed: 4403 })
    expect(refusalOf(await overSse(service.url, call))).toEqual(['UNAUTHENTICATED'])
    const body = JSON.stringify({ messages: [{ type: 'user', text: 'Hello' }] })
    const headers = { 'content-type': 'application/json', authorization }
    const dispatched = { method: 'POST', headers, body }
    const rest = await fetch(`${service.url}/v1/conversation/${conversationId}/dispatch`, dispatched)
    expect([rest.status, await rest.json()]).toMatchObject([401, { message: 'The token has expired.' }])
  })

  test('in the middle of a run is replaced by a fresh one in graphql-ws, and no event is missed', async () => {
    const input = { conversationId, messages: [{ type: 'USER', text: 'Please call confirm' }] }
    const functions = [
      { name: 'confirm', description: 'Asks', parameters: { type: 'object' }, result: { await: true } },
    ]
    const call = { query: dispatchQuery, variables: { input: { ...input, functions } }, authorization: `Bearer ${key}` }
    const { dispatchConversation } = await dataOf<{ dispatchConversation: { channelId: string } }>(service.url, call)
    const { channelId } = dispatchConversation
    const lifetimes = [1, 3600]
    const closed: number[] = []
    const client = opened(
      createClient({
        url: service.wsUrl,
        webSocketImpl: WebSocket,
        connectionParams: async () => ({ authorization: await mintChat(lifetimes.shift() ?? 0) }),
        on: {
          connected: () => void (lifetimes.length === 0 && answerAs(channelId)),
          closed: (event) => void closed.push((event as { code: number }).code),
        },
      }),
    )
    const kinds: string[] = []
    let last: string | null = null
    const watch =
      'subscription ($channelId: ID!, $after: Cursor) { channelEvents(channelId: $channelId, after: $after) { __typename cursor } }'
    for await (const { data } of client.iterate<{ channelEvents: { __typename: string; cursor: string } }>({
      query: watch,
      // Read again at each subscription, so that it goes on behind the last event.
      variables: {
        channelId,
        get after() {
          return last
        },
      },
    })) {
      kinds.push(data?.channelEvents.__typename ?? '')
      last = data?.channelEvents.cursor ?? last
    }
    expect([kinds[0], kinds.at(-1), closed]).toEqual(['DispatchQueued', 'DispatchCompleted', [4403]])
    expect(kinds.filter((kind) => kind === 'DispatchQueued' || kind === 'FunctionResultAwaited')).toEqual([
      'DispatchQueued',
      'FunctionResultAwaited',
    ])
  })

  /** Answers the call that the run waits for, with a token that may do that. */
  async function answerAs(channelId: string): Promise<void> {
    const input = { conversationId, allow: ['ANSWER'] }
    const authorization = `Bearer ${await mintConversationToken(service.url, key, input)}`
    const query = `{ dispatch(channelId: "${channelId}") { pendingCalls { id } } }`
    const { dispatch } = await dataOf<{ dispatch: { pendingCalls: { id: string }[] } }>(service.url, {
      query,
      authorization,
    })
    const answer = `mutation { submitFunctionResult(input: { channelId: "${channelId}", callId: "${dispatch.pendingCalls[0]?.id}", data: true }) { dispatch { id } } }`
    await dataOf(service.url, { query: answer, authorization })
  }
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
