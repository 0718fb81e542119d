import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { createClient, createRequest, fetchExchange } from '@urql/core'
import { type Backchannel, createBackchannel } from 'backchannel-client'
import { createChannelEventsLink } from 'backchannel-client/apollo'
import { createChannelEventsExchange } from 'backchannel-client/urql'
import type { DocumentNode } from 'graphql'
import { beforeAll, describe, expect, test } from 'vitest'
import { onEnd, pipe, subscribe } from 'wonka'
import { opened } from '../support/lifetime/opened.ts'
import { createCuttingProxy } from '../support/proxy/cutting-proxy.ts'
import { ids } from '../support/run/runs.ts'
import { type Service, startService } from '../support/service/start-service.ts'

interface Operation {
  readonly query: DocumentNode
  readonly variables: Readonly<Record<string, unknown>>
  readonly onData?: (data: Readonly<Record<string, unknown>>) => void
}

/** Resolves with all data, rejects with the error of the library. */
type Watch = (operation: Operation) => Promise<readonly Readonly<Record<string, unknown>>[]>

const adapters: Record<string, (client: Backchannel, url: string) => { watch: Watch; models(): Promise<unknown> }> = {
  Apollo(backchannel, uri) {
    const link = ApolloLink.from([createChannelEventsLink(backchannel), new HttpLink({ uri })])
    const client = opened(new ApolloClient({ cache: new InMemoryCache(), link }), (it) => it.stop())
    return {
      models: async () => (await client.query({ query: gql`{ models { id } }` })).data,
      watch: ({ query, variables, onData = () => {} }) =>
        new Promise((resolve, reject) => {
          const all: Readonly<Record<string, unknown>>[] = []
          client.subscribe({ query, variables, fetchPolicy: 'no-cache' }).subscribe({
            next({ data, error }) {
              if (error !== undefined) return reject(error)
              all.push(data as (typeof all)[number])
              onData(data as (typeof all)[number])
            },
            complete: () => resolve(all),
          })
        }),
    }
  },
  urql(backchannel, url) {
    const client = createClient({
      url,
      exchanges: [createChannelEventsExchange(backchannel), fetchExchange],
      preferGetMethod: false,
    })
    return {
      models: async () => (await client.query(gql`{ models { id } }`, {}).toPromise()).data,
      watch: ({ query, variables, onData = () => {} }) =>
        new Promise((resolve, reject) => {
          const all: Readonly<Record<string, unknown>>[] = []
          pipe(
            client.executeSubscription(createRequest(query, { ...variables })),
            onEnd(() => resolve(all)),
            subscribe(({ data, error, hasNext }) => {
              if (error !== undefined) return reject(error.networkError)
              // urql says the last one once more, to tell the end.
              if (!hasNext) return
              all.push(data)
              onData(data)
            }),
          )
        }),
    }
  },
}

let service: Service
beforeAll(async () => {
  service = await startService({ model: 'demo/delayMs=4/words=300' })
})

describe.each(Object.entries(adapters))('%s', (_name, adapt) => {
  const open = async () => {
    const proxy = await createCuttingProxy(service.url)
    const url = `${proxy.url}/graphql`
    const client = opened(createBackchannel({ url }))
    return { proxy, client, ...adapt(client, url) }
  }
  const textsIn = (all: readonly Readonly<Record<string, unknown>>[], key: string) =>
    all.map((data) => (data[key] as { text?: string }).text ?? '').join('')

  test.concurrent('brings each event once, whatever is selected, however often the connection is cut', async () => {
    const { proxy, client, watch, models } = await open()
    const { channelId } = await client.dispatch('Hello')
    let [cuts, events] = [0, 0]
    const all = await watch({
      query: gql`subscription ($id: ID!) { all: channelEvents(channelId: $id) { ... on TextDelta { text } } }`,
      variables: { id: channelId },
      onData() {
        events += 1
        if (events % 10 > 0 || cuts === 3) return
        cuts += 1
        proxy.cut()
      },
    })
    expect(cuts).toBe(3)
    let whole = ''
    for await (const event of client.watch(channelId))
      if (event.__typename === 'DispatchCompleted') whole = event.result.text
    expect(textsIn(all, 'all')).toBe(whole)
    expect(JSON.stringify(all)).not.toContain('backchannelCursor')
    expect(await models()).toMatchObject({ models: expect.any(Array) })
  })

  test.concurrent('begins where the operation says, and goes on from where it is', async () => {
    const { proxy, client, watch } = await open()
    const { channelId } = await client.dispatch('Hello')
    for await (const { __typename } of client.watch(channelId)) if (__typename === 'TextDelta') break
    let isCut = false
    const all = await watch({
      query: gql`subscription ($id: ID!) { channelEvents(channelId: $id, last: 1) { __typename ... on TextDelta { text } } }`,
      variables: { id: channelId },
      onData() {
        if (!isCut) proxy.cut()
        isCut = true
      },
    })
    const kinds = all.map(({ channelEvents }) => (channelEvents as { __typename: string }).__typename)
    expect(kinds).not.toContain('DispatchQueued')
    expect(kinds.at(-1)).toBe('DispatchCompleted')
    expect(kinds.filter((kind) => kind !== 'TextDelta')).toEqual([
      'MessageCompleted',
      'IterationFinished',
      'DispatchCompleted',
    ])
  })

  test.concurrent('a refusal is an error with its code', async () => {
    const { watch } = await open()
    const query = gql`subscription ($id: ID!, $after: Cursor) { channelEvents(channelId: $id, after: $after) { cursor } }`
    const refused = watch({ query, variables: { id: ids.channelId(), after: 'Totk7nSceHZL5ecS7BYzC8.5.6oijBwcz' } })
    await expect(refused).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' })
  })
})
