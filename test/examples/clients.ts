import { print } from 'graphql'
import type { Client as Sse } from 'graphql-sse'
import type { Client as Socket } from 'graphql-ws'
import {
  DispatchTextDocument,
  SnapshotDocument,
  type SnapshotQuery,
  type WholeDispatchFragment,
} from '../../examples/generated/operations.ts'
import { createApolloClient } from '../../examples/stock/apollo/create-client.ts'
import { subscribe as subscribeApollo } from '../../examples/stock/apollo/subscribe.ts'
import * as socketClients from '../../examples/stock/graphql-ws/create-client.ts'
import { dispatch as dispatchSocket } from '../../examples/stock/graphql-ws/dispatch.ts'
import { subscribe as subscribeSocket } from '../../examples/stock/graphql-ws/subscribe.ts'
import * as sseClients from '../../examples/stock/sse/create-client.ts'
import { dispatch as dispatchSse } from '../../examples/stock/sse/dispatch.ts'
import { subscribe as subscribeSse } from '../../examples/stock/sse/subscribe.ts'
import { createUrqlClient } from '../../examples/stock/urql/create-client.ts'
import { subscribe as subscribeUrql } from '../../examples/stock/urql/subscribe.ts'
import type { Watching } from '../../examples/stock/watching.ts'

/** What each example can do, by its own library throughout. */
export interface ExampleClient {
  dispatch(text: string): Promise<string>
  subscribe(watching: Watching): Promise<void>
  snapshot(channelId: string): Promise<WholeDispatchFragment | null | undefined>
  close(): Promise<void>
}

export interface Endpoint {
  readonly url: string
  readonly wsUrl: string
}

/** What keeps a connection: all but SSE stand on a graphql-ws client. */
export interface Connections {
  socket(endpoint: Endpoint): Socket
  sse(endpoint: Endpoint): Sse
}

export const retrying: Connections = {
  socket: ({ wsUrl }) => socketClients.createRetryingClient(wsUrl),
  sse: ({ url }) => sseClients.createRetryingClient(`${url}/graphql`),
}

export const singleTry: Connections = {
  socket: ({ wsUrl }) => socketClients.createSingleTryClient(wsUrl),
  sse: ({ url }) => sseClients.createSingleTryClient(`${url}/graphql`),
}

export const clientNames = ['graphql-ws', 'apollo', 'urql', 'sse'] as const
export type ClientName = (typeof clientNames)[number]

export const openClient: Record<ClientName, (endpoint: Endpoint, connections: Connections) => ExampleClient> = {
  'graphql-ws': (endpoint, connections) => {
    const client = connections.socket(endpoint)
    return {
      dispatch: (text) => dispatchSocket(client, text),
      subscribe: (watching) => subscribeSocket(client, watching),
      snapshot: (channelId) => firstSnapshot(client.iterate(snapshotRequest(channelId))),
      close: async () => client.dispose(),
    }
  },
  apollo: (endpoint, connections) => {
    const socket = connections.socket(endpoint)
    const client = createApolloClient(endpoint.url, socket)
    return {
      dispatch: async (text) => {
        const { data } = await client.mutate({ mutation: DispatchTextDocument, variables: { text } })
        return data?.dispatchConversation.channelId ?? ''
      },
      subscribe: (watching) => subscribeApollo(client, watching),
      snapshot: async (channelId) => {
        const options = { query: SnapshotDocument, variables: { channelId }, fetchPolicy: 'no-cache' } as const
        return (await client.query(options)).data?.dispatch
      },
      close: async () => {
        client.stop()
        await socket.dispose()
      },
    }
  },
  urql: (endpoint, connections) => {
    const socket = connections.socket(endpoint)
    const client = createUrqlClient(endpoint.url, socket)
    return {
      dispatch: async (text) => {
        const { data } = await client.mutation(DispatchTextDocument, { text }).toPromise()
        return data?.dispatchConversation.channelId ?? ''
      },
      subscribe: (watching) => subscribeUrql(client, watching),
      snapshot: async (channelId) => (await client.query(SnapshotDocument, { channelId }).toPromise()).data?.dispatch,
      close: async () => socket.dispose(),
    }
  },
  sse: (endpoint, connections) => {
    const client = connections.sse(endpoint)
    return {
      dispatch: (text) => dispatchSse(client, text),
      subscribe: (watching) => subscribeSse(client, watching),
      snapshot: (channelId) => firstSnapshot(client.iterate(snapshotRequest(channelId))),
      close: async () => client.dispose(),
    }
  },
}

function snapshotRequest(channelId: string) {
  return { query: print(SnapshotDocument), variables: { channelId } }
}

async function firstSnapshot(results: AsyncIterable<{ data?: unknown }>) {
  for await (const { data } of results) return (data as SnapshotQuery).dispatch
  return undefined
}
