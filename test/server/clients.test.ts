import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import { beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { openConnection } from '../support/idle-connection.ts'
import { opened } from '../support/lifetime/opened.ts'
import { type Service, startService } from '../support/service/start-service.ts'
import { post } from './ask.ts'

let service: Service
beforeAll(async () => {
  service = await startService()
})

const models = expect.objectContaining({ data: { models: expect.any(Array) } })

describe('an offer of another protocol', () => {
  const offer = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQAAP__' }

  async function send(path: string, method: string, headers: Record<string, string>, body = '') {
    const sent = request(`${service.url}${path}`, { method, headers, agent: false })
    sent.end(body)
    const [response] = await once(sent, 'response')
    const chunks: Buffer[] = []
    for await (const chunk of response) chunks.push(chunk)
    return { status: response.statusCode as number, body: Buffer.concat(chunks).toString() }
  }

  test.each(['h2c', 'TLS/1.0, HTTP/1.1', 'HTTP/2.0'])(
    '%s is not taken, and the request is answered',
    async (upgrade) => {
      const json = { ...offer, upgrade, 'content-type': 'application/json' }
      const answer = await send('/graphql', 'POST', json, JSON.stringify({ query: '{ models { id } }' }))
      expect([answer.status, JSON.parse(answer.body)]).toEqual([200, models])
      expect((await send('/ready', 'GET', { ...offer, upgrade })).status).toBe(200)
      expect((await send('/graphql?query={models{id}}', 'GET', { ...offer, upgrade })).status).toBe(200)
      expect((await send('/openapi.json', 'GET', { ...offer, upgrade })).status).toBe(200)
    },
  )

  test('of a WebSocket by POST is not one either', async () => {
    const json = { connection: 'upgrade', upgrade: 'websocket', 'content-type': 'application/json' }
    expect((await send('/graphql', 'POST', json, '{"query":"{ models { id } }"}')).status).toBe(200)
  })
})

test('an idle connection stays open longer than the minute of a load balancer', async () => {
  const response = await fetch(`${service.url}/health`)
  expect(response.headers.get('keep-alive')).toBe('timeout=75')
  const own = await startService({ env: { KEEP_ALIVE_SECONDS: '620' } })
  expect((await fetch(`${own.url}/health`)).headers.get('keep-alive')).toBe('timeout=620')
})

test('an idle connection takes another request until it has been idle for KEEP_ALIVE_SECONDS, and is closed then', async () => {
  const own = await startService({ env: { KEEP_ALIVE_SECONDS: '2' } })
  const connection = await openConnection(own.url)
  expect(await connection.ask()).toBe(200)
  await sleep(800)
  expect(await connection.ask()).toBe(200)
  const idleSince = performance.now()
  await connection.closed
  // Node gives a request that is under way one second more. Its own default is five.
  const idleMs = performance.now() - idleSince
  expect(idleMs).toBeGreaterThan(1990)
  expect(idleMs).toBeLessThan(4900)
})

describe('an event stream', () => {
  const query = 'subscription { channelEvents(channelId: "channel-of-this-test") { cursor } }'

  test('is neither buffered nor changed by proxies', async () => {
    const abort = new AbortController()
    const response = await fetch(`${service.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query }),
      signal: abort.signal,
    })
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': expect.stringMatching(/^text\/event-stream/),
      'x-accel-buffering': 'no',
      'cache-control': 'no-cache, no-transform',
      'transfer-encoding': 'chunked',
    })
    expect(response.headers.get('content-encoding')).toBeNull()
    abort.abort()
  })

  test('of a request that is refused has the status of the refusal', async () => {
    const answers = await Promise.all([
      post(service.url, 'no JSON', { accept: 'text/event-stream' }),
      post(service.url, { query: '{ models { nothing } }' }, { accept: 'text/event-stream' }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([400, 200])
    for (const answer of answers) {
      expect(answer.headers.get('content-type')).toBe('text/event-stream')
      expect(await answer.text()).toMatch(/^:\n\nevent: next\ndata: \{"errors":\[.+\]\}\n\nevent: complete\ndata:\n\n$/)
    }
  })

  test('in parts, as clients of incremental delivery ask for it, is written likewise', async () => {
    const response = await post(service.url, { query: '{ models { id } }' }, { accept: 'multipart/mixed' })
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'multipart/mixed; boundary="-"',
      'x-accel-buffering': 'no',
      'transfer-encoding': 'chunked',
    })
    const [, head = '', json = ''] = /^\r\n---\r\n(.+?)\r\n\r\n(.+)\r\n-----\r\n$/s.exec(await response.text()) ?? []
    expect(head).toBe(`Content-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(json)}`)
    expect(JSON.parse(json)).toEqual(models)
  })

  test('has explicit chunks for a proxy that speaks HTTP/1.0, so that a cut is not an end', async () => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1')
    const body = JSON.stringify({ query: '{ models { id } }' })
    socket.write(
      `POST /graphql HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    const chunks: Buffer[] = []
    for await (const chunk of socket) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    expect(text).toMatch(/\r\ntransfer-encoding: chunked\r\n/i)
    expect(text).toMatch(/\r\n\r\n[0-9a-f]+\r\n/)
    expect(text).toMatch(/\r\n0\r\n\r\n$/)
  })
})

/** Both ways to send a request, which say the same of it. */
const ways: Readonly<Record<string, (body: object) => Promise<string>>> = {
  HTTP: async (body) => (await post(service.url, body)).text(),
  async WebSocket(payload) {
    const socket = opened(new WebSocket(service.wsUrl, 'graphql-transport-ws'))
    await once(socket, 'open')
    const next = async () => {
      const [data, reason] = await Promise.race([once(socket, 'message'), once(socket, 'close')])
      if (reason instanceof Buffer) throw new Error(`closed with ${data}: ${reason}`)
      return String(data)
    }
    socket.send('{"type":"connection_init"}')
    await next()
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }))
    return next()
  },
}

describe.each(Object.entries(ways))('the form of a request over %s', (_name, send) => {
  const told = async (body: object) => {
    const { type, payload, ...answer } = JSON.parse(await send(body))
    return type === 'error' ? { errors: payload } : (payload ?? answer)
  }
  const query = 'query A { models { id } }'
  test.each([
    ['Postman', { query, variables: '' }],
    ['Insomnia', { query, operationName: '', variables: {} }],
    ['Altair', { query, variables: {}, operationName: null, extensions: null }],
    ['Bruno', { query, variables: null }],
    ['a generated client', { query, operationName: null, variables: null, extensions: '' }],
    ['one that writes variables as JSON', { query, variables: '{"unused":1}', extensions: '{}' }],
    ['one with a hash beside its document', { query, extensions: { persistedQuery: { version: 1, sha256Hash: 'a' } } }],
  ])('of %s is read', async (_client, body) => {
    expect(await told(body)).toEqual(models)
  })

  test('with variables as JSON keeps all digits of their numbers', async () => {
    const echo = `mutation ($input: DispatchConversationInput!) {
      dispatchConversation(input: $input) { dispatch { messages { meta } } }
    }`
    const message =
      '{"type":"USER","text":"Hello","meta":{"":{"type":"subscribe","payload":{}},"id":12345678901234567890}}'
    const answer = await send({ query: echo, variables: `{"input":{"messages":[${message}]}}` })
    expect(answer).toContain('"meta":{"":{"type":"subscribe","payload":{}},"id":12345678901234567890}')
  })

  test.each([{ query: '' }, { query: null }, {}])(
    'with a hash and no document (%j) is answered as its clients expect',
    async (body) => {
      const extensions = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } }
      expect(await told({ ...body, extensions })).toEqual({
        errors: [
          expect.objectContaining({
            message: 'PersistedQueryNotSupported',
            extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' },
          }),
        ],
      })
    },
  )
})

describe('the form of a request', () => {
  const query = 'query A { models { id } }'
  test.each([
    ['Application/JSON', '*/*'],
    ['APPLICATION/JSON; Charset=UTF-8', 'Application/GraphQL-Response+JSON'],
    ['application/json ;charset=utf-8', 'application/JSON;q=0.9'],
    ['application/graphql+json', 'Application/*'],
  ])('may have its media types in any case: %s, %s', async (type, accept) => {
    const response = await post(service.url, { query }, { 'content-type': type, accept })
    expect([response.status, await response.json()]).toEqual([200, models])
  })

  test('with variables that are no JSON is a 400', async () => {
    expect((await post(service.url, { query, variables: 'none' })).status).toBe(400)
  })
})

describe('a persisted query', () => {
  const sha256 = async (text: string) => createHash('sha256').update(text).digest('hex')

  test('without its document has the status 200, and is not cached', async () => {
    const response = await post(service.url, { extensions: { persistedQuery: { version: 1, sha256Hash: 'a' } } })
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
  })

  test.each([false, true])(
    "makes Apollo's link send the document (hashes by GET: %j)",
    async (useGETForHashedQueries) => {
      const sent: (string | undefined)[] = []
      const client = new ApolloClient({
        cache: new InMemoryCache(),
        link: new PersistedQueryLink({ sha256, useGETForHashedQueries }).concat(
          new HttpLink({
            uri: `${service.url}/graphql`,
            fetch: (url, init) => {
              sent.push(init?.method)
              return fetch(url, init)
            },
          }),
        ),
      })
      const { data } = await client.query({ query: gql(query), fetchPolicy: 'no-cache' })
      expect(data).toEqual({ models: expect.any(Array) })
      await client.query({ query: gql(query), fetchPolicy: 'no-cache' })
      expect(sent).toEqual([useGETForHashedQueries ? 'GET' : 'POST', 'POST', 'POST'])
      client.stop()
    },
  )
  const query = 'query A { models { id } }'
})
