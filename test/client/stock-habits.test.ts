import { ApolloClient, ApolloLink, gql, InMemoryCache, Observable } from '@apollo/client'
import { createClient as createUrqlClient, subscriptionExchange } from '@urql/core'
import { createClient as createSseClient } from 'graphql-sse'
import { createClient as createSocketClient } from 'graphql-ws'
import { describe, expect, test } from 'vitest'
import { pipe, subscribe } from 'wonka'
import { tableRows } from '../house/pages.ts'
import { opened } from '../support/lifetime/opened.ts'
import { createCuttingProxy } from '../support/proxy/cutting-proxy.ts'
import { startService } from '../support/service/start-service.ts'

const watched =
  'subscription ($after: Cursor) { channelEvents(channelId: "a-channel-of-habits", after: $after) { cursor } }'
const document = gql(watched)
const patience = { timeout: 30_000 }
const event = (cursor: string) => ({ data: { channelEvents: { __typename: 'DispatchStarted', cursor } } })

/** An urql client over a socket that says these events and ends; `subscribed` counts. */
function urqlOver(cursors: readonly string[]) {
  const counts = { subscribed: 0 }
  const client = createUrqlClient({
    url: 'http://127.0.0.1:9/graphql',
    preferGetMethod: false,
    exchanges: [
      subscriptionExchange({
        forwardSubscription: () => ({
          subscribe(sink) {
            counts.subscribed += 1
            setTimeout(() => {
              for (const cursor of cursors) sink.next(event(cursor))
              sink.complete()
            })
            return { unsubscribe() {} }
          },
        }),
      }),
    ],
  })
  return { client, counts }
}

/** Over a stand-in for fetch, which counts. */
function sseOver(answer: () => Response) {
  const bodies: string[] = []
  const client = opened(
    createSseClient({
      url: 'http://127.0.0.1:9/graphql',
      retry: async () => {},
      fetchFn: async (_url: string, { body }: { body: string }) => {
        bodies.push(body)
        return answer()
      },
    }),
  )
  const error = (query: string) =>
    new Promise((resolve) => {
      client.subscribe({ query, variables: { after: 'first' } }, { next() {}, error: resolve, complete() {} })
    })
  return { client, bodies, error }
}

const habits: Readonly<Record<string, () => Promise<void>>> = {
  async 'graphql-ws: stops retrying once a reconnect is refused, as while a server restarts'() {
    const proxy = await createCuttingProxy((await startService()).url)
    const client = opened(createSocketClient({ url: proxy.wsUrl, retryWait: async () => {} }))
    const watching = client.iterate({ query: watched })
    const failing = watching.next().catch((error: unknown) => error)
    await expect.poll(() => proxy.connections, patience).toBe(1)
    proxy.refuse()
    proxy.cut()
    expect(await failing).toBeDefined()
    expect(proxy.refusals).toBeLessThanOrEqual(1)
  },
  async 'graphql-ws: sends its first `after` again when it reconnects, unless that is a getter'() {
    const proxy = await createCuttingProxy((await startService()).url)
    const sent: string[] = []
    class Recording extends WebSocket {
      override send(data: string) {
        if (data.includes('"subscribe"')) sent.push(JSON.parse(data).payload.variables.after)
        super.send(data)
      }
    }
    const options = { url: proxy.wsUrl, webSocketImpl: Recording, shouldRetry: () => true, retryWait: async () => {} }
    const client = opened(createSocketClient(options))
    let cursor: string | null = null
    const variables = {
      get after() {
        return cursor
      },
    }
    const sink = { next() {}, error() {}, complete() {} }
    client.subscribe({ query: watched, variables: { after: cursor } }, sink)
    client.subscribe({ query: watched, variables }, sink)
    await expect.poll(() => sent, patience).toEqual([null, null])
    cursor = 'Totk7nSceHZL5ecS7BYzC8.1.AMvqFSdz'
    proxy.cut()
    await expect.poll(() => new Set(sent.slice(2)), patience).toEqual(new Set([null, cursor]))
  },
  async 'graphql-sse: asks again five times when it is refused, and loses the server’s words'() {
    const { bodies, error } = sseOver(() => Response.json({ errors: [{ message: 'No valid key.' }] }, { status: 401 }))
    expect(String(await error(watched))).not.toContain('No valid key')
    expect(bodies).toHaveLength(6)
  },
  async 'graphql-sse: never gives up on a stream that opened and ended without `complete`, and asks with its first variables'() {
    const one = new TextEncoder().encode(`event: next\ndata: ${JSON.stringify(event('c1'))}\n\n`)
    const { bodies, error } = sseOver(() => {
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue(one)
          setTimeout(() => controller.close(), 5)
        },
      })
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    })
    void error(watched)
    await expect.poll(() => bodies.length, patience).toBeGreaterThan(20)
    expect(new Set(bodies.map((body) => JSON.parse(body).variables.after))).toEqual(new Set(['first']))
  },
  async 'Apollo: lets a second watcher of a channel join the first, so that it misses what came before'() {
    let subscribed = 0
    let say = (_cursor: string) => {}
    const link = new ApolloLink(
      () =>
        new Observable((observer) => {
          subscribed += 1
          say = (cursor) => observer.next(event(cursor))
        }),
    )
    const client = opened(new ApolloClient({ cache: new InMemoryCache(), link }), (it) => it.stop())
    const seen: unknown[] = []
    const watch = (name: string) =>
      client
        .subscribe({ query: document, fetchPolicy: 'no-cache' })
        .subscribe(({ data }) => seen.push([name, (data as ReturnType<typeof event>['data']).channelEvents.cursor]))
    watch('first')
    say('c1')
    watch('second')
    say('c2')
    await expect.poll(() => seen.length, patience).toBe(3)
    expect(seen.filter((each) => String(each).startsWith('second'))).toEqual([['second', 'c2']])
    expect(subscribed).toBe(1)
  },
  async 'Apollo: tells a lost connection to `next`, as `error`'() {
    const link = new ApolloLink(() => new Observable((observer) => observer.error(new Error('lost'))))
    const client = opened(new ApolloClient({ cache: new InMemoryCache(), link }), (it) => it.stop())
    const told: string[] = []
    client.subscribe({ query: document, fetchPolicy: 'no-cache' }).subscribe({
      next: ({ error }) => told.push(`next ${error?.message}`),
      error: () => told.push('error'),
    })
    await expect.poll(() => told, patience).toEqual(['next lost'])
  },
  async 'urql: lets a second watcher of a channel join the first, so that it misses what came before'() {
    const { client, counts } = urqlOver(['c1', 'c2'])
    const seen: unknown[] = []
    const watch = (onEvent: (cursor: unknown) => void) =>
      pipe(
        client.subscription(document, {}),
        subscribe(({ data, hasNext }) => hasNext && onEvent(data?.channelEvents.cursor)),
      )
    let isFirst = true
    watch(() => {
      if (isFirst) watch((cursor) => seen.push(cursor))
      isFirst = false
    })
    await expect.poll(() => seen, patience).toEqual(['c2'])
    expect(counts.subscribed).toBe(1)
  },
  async 'urql: says the last event once more, with `hasNext: false`'() {
    const { client } = urqlOver(['c1', 'c2'])
    const seen: unknown[] = []
    pipe(
      client.subscription(document, {}),
      subscribe(({ data, hasNext }) => seen.push([data?.channelEvents.cursor, hasNext])),
    )
    await expect
      .poll(() => seen)
      .toEqual([
        ['c1', true],
        ['c2', true],
        ['c2', false],
      ])
  },
  async 'urql: resolves `toPromise()` of a subscription that ends without an event with `undefined`'() {
    expect(await urqlOver([]).client.subscription(document, {}).toPromise()).toBeUndefined()
  },
}

/** Run in Chromium. */
const elsewhere = ['EventSource: reconnects after `complete`, and replays everything']

describe('stock clients', () => {
  test.each(Object.entries(habits))('%s', (_name, shown) => shown())

  test('have no other row in the table, and every row has its test', () => {
    const rows = tableRows('docs/clients/stock.md', 'The table').map(([client, does]) => `${client}: ${does}`)
    const names = Object.keys(habits).map((name) => name.replaceAll('’', "'"))
    expect(rows.toSorted()).toEqual([...names, ...elsewhere].toSorted())
  })
})
