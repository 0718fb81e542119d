import { type Client, createClient, fetchExchange, subscriptionExchange } from '@urql/core'
import type { Sink, Client as Socket } from 'graphql-ws'

/**
 * Sends subscriptions over the WebSocket and everything else over HTTP. The socket handles reconnects: see
 * ../graphql-ws.
 */
export function createUrqlClient(url: string, socket: Socket): Client {
  return createClient({
    url: `${url}/graphql`,
    exchanges: [
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables = {} }) => ({
          // The cast is needed only for `exactOptionalPropertyTypes`.
          subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink as Sink) }),
        }),
      }),
    ],
  })
}
