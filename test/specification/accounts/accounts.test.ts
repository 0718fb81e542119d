import { once } from 'node:events'
import { request } from 'node:http'
import { beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import {
  callerTransports,
  dataOf,
  overHttp,
  overSse,
  overWebsocket,
  refusalOf,
} from '../../support/isolation/callers.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { startObservedService } from '../../support/service/observed-service.ts'
import { type Service, startService } from '../../support/service/start-service.ts'

const acme = 'Bearer the-old-key-of-acme'
const acmeToo = 'Bearer the-new-key-of-acme'
const beta = 'Bearer the-only-key-of-beta'
const env = { API_KEYS: 'acme:the-old-key-of-acme,acme:the-new-key-of-acme,beta:the-only-key-of-beta' }

let service: Service
beforeAll(async () => {
  service = await startService({ env })
})

const query = '{ models { id } }'
const models = [{ data: { models: [{ id: 'demo' }] } }]
const dispatchQuery =
  'mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId } }'
const watchQuery =
  'subscription ($channelId: ID!) { channelEvents(channelId: $channelId) { __typename ... on DispatchQueued { messages { text } } } }'

function say(text: string, authorization: string, channelId?: string) {
  const variables = { input: { channelId, messages: [{ type: 'USER', text }] } }
  return dataOf<{ dispatchConversation: { channelId: string } }>(service.url, {
    query: dispatchQuery,
    variables,
    authorization,
  })
}

describe.each(Object.entries(callerTransports))('over %s', (_name, transport) => {
  test.each([acme, acmeToo, beta])('a key lets in: %s', async (authorization) => {
    expect(await transport(service.url, { query, authorization })).toEqual({ results: models, closed: null })
  })

  test.each([undefined, 'Bearer the-only-key-of-gamma', 'Bearer eyJh.eyJh.AAAA'])(
    'without a valid one no one gets in: %s',
    async (authorization) => {
      const reply = await transport(service.url, { query, authorization })
      expect(refusalOf(reply)).toEqual([transport === overWebsocket ? 4401 : 'UNAUTHENTICATED'])
      expect(reply.results.every(({ data }) => data == null)).toBe(true)
    },
  )
})

describe('over HTTP, a caller without a valid credential', () => {
  const post = (headers: Record<string, string>, body: string) =>
    fetch(`${service.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    })

  test('gets 401 as graphql-response+json, with advice', async () => {
    const response = await post({ accept: 'application/graphql-response+json' }, JSON.stringify({ query }))
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
  })

  test.each(['{ nonsense }', '{ models {', '{ __schema { types { name } } }'])(
    'is told nothing about the request: %s',
    async (text) => {
      const response = await post({}, JSON.stringify({ query: text }))
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
    },
  )

  test('is refused before the body is read', async () => {
    const response = await post({ accept: 'application/graphql-response+json' }, 'x'.repeat(9_000_000))
    expect(response.status).toBe(401)
  })

  test('is refused on GET too', async () => {
    const response = await fetch(`${service.url}/graphql?query=${encodeURIComponent(query)}`)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
  })

  test('still gets GraphiQL, where the user can enter a key, and health', async () => {
    const page = await fetch(`${service.url}/graphql`, { headers: { accept: 'text/html' } })
    expect(page.status).toBe(200)
    expect((await fetch(`${service.url}/health`)).status).toBe(200)
  })
})

describe('over WebSocket', () => {
  test('the header of the upgrade counts, and connection_init takes precedence', async () => {
    const closing = async (upgrade: string, payload: object) => {
      const headers = { authorization: upgrade }
      const socket = opened(new WebSocket(service.wsUrl, 'graphql-transport-ws', { headers }))
      await once(socket, 'open')
      socket.send(JSON.stringify({ type: 'connection_init', payload }))
      const acknowledged = once(socket, 'message').then(([data]) => JSON.parse(String(data)).type)
      const closed = once(socket, 'close').then(([code]) => code)
      return Promise.race([acknowledged, closed])
    }
    expect(await closing(acme, {})).toBe('connection_ack')
    expect(await closing('Bearer nonsense', {})).toBe(4401)
    expect(await closing('Bearer nonsense', { Authorization: acme })).toBe('connection_ack')
    expect(await closing(acme, { authorization: 'nonsense' })).toBe(4401)
    expect(await closing(acme, { Authorization: 'the-only-key-of-beta' })).toBe('connection_ack')
  })
})

describe('two accounts', () => {
  test('may choose the same channelId and never see each other', async () => {
    const channelId = 'the-same-channel-id'
    const [first, second] = await Promise.all([
      overSse(service.url, { query: watchQuery, variables: { channelId }, authorization: acme, take: 1 }),
      overWebsocket(service.url, { query: watchQuery, variables: { channelId }, authorization: beta, take: 1 }),
      say('What acme says', acme, channelId),
      say('What beta says', beta, channelId),
    ])
    const heard = (text: string) => ({
      closed: null,
      results: [{ data: { channelEvents: { __typename: 'DispatchQueued', messages: [{ text }] } } }],
    })
    expect(first).toEqual(heard('What acme says'))
    expect(second).toEqual(heard('What beta says'))
  })

  test('each see only their own data, whichever of their keys they use', async () => {
    const { dispatchConversation } = await say('Of acme', acme)
    const list = '{ dispatches(first: 100) { edges { node { id } } } }'
    const ids = async (authorization: string) =>
      JSON.stringify(await overHttp(service.url, { query: list, authorization }))
    expect(await ids(acme)).toContain(dispatchConversation.channelId)
    expect(await ids(acmeToo)).toContain(dispatchConversation.channelId)
    expect(await ids(beta)).not.toContain(dispatchConversation.channelId)
  })
})

describe('pages of the server itself', () => {
  const status = async (origin: string, server: Service) =>
    (
      await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: acme, origin },
        body: JSON.stringify({ query }),
      })
    ).status

  test('may call a server with keys; other pages may not', async () => {
    const { url } = service
    expect(await status(url, service)).toBe(200)
    expect(await status('https://example.com', service)).toBe(403)
  })
})

describe('a server without API keys', () => {
  test('listens on this machine only, and its log says so in one line', async () => {
    const running = await startObservedService({ env: { API_KEYS: '' } })
    const lines = running.log.filter((line) => line.includes('API_KEYS'))
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
      'no API_KEYS: this machine alone is listened to, and whoever calls is the one account `local`',
    ])
    expect(running.url).toContain('127.0.0.1')
  })

  test('does not start on a public address', async () => {
    await expect(startService({ env: { HOST: '0.0.0.0', API_KEYS: '' } })).rejects.toThrow('API_KEYS')
  })
})

test('with keys the server listens on a public address, and its own pages may call', async () => {
  const shown = await startService({ env: { ...env, HOST: '0.0.0.0' } })
  const port = new URL(shown.url).port
  const ask = (origin: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const headers = { host: `Chat.Example:${port}`, origin, authorization: acme, 'content-type': 'application/json' }
      request({ port, host: '127.0.0.1', path: '/graphql', method: 'POST', headers }, (response) => {
        resolve(response.resume().statusCode)
      })
        .on('error', reject)
        .end(JSON.stringify({ query }))
    })
  expect(await ask(`http://chat.example:${port}`)).toBe(200)
  expect(await ask(`https://chat.example:${port}`)).toBe(200)
  expect(await ask('http://chat.example')).toBe(403)
  expect(await ask('http://evil.example')).toBe(403)
})
