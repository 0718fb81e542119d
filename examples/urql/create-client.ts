import { type Client, createClient, fetchExchange, subscriptionExchange } from '@urql/core'
import type { Sink, Client as Socket } from 'graphql-ws'

/** Subscriptions over the WebSocket, the rest over HTTP. How it reconnects is the socket's affair: see ../graphql-ws. */
export function createUrqlClient(url: string, socket: Socket): Client {
  return createClient({
    url: `${url}/graphql`,
    exchanges: [
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables = {} }) => ({
          // The cast is for `exactOptionalPropertyTypes` alone.
          subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink as Sink) }),
        }),
      }),
    ],
  })
}
