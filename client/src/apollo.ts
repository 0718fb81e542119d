import { ApolloLink, Observable } from '@apollo/client'
import { followOperation } from './adapters/exact-operation.ts'
import { type Backchannel, connectionOf } from './client.ts'

/**
 * Answers subscriptions to `channelEvents`: every event once and in order, across lost connections and expired tokens, over
 * the connection of the client. An error is a `BackchannelError`. All other operations go to the next link.
 */
export function createChannelEventsLink(client: Backchannel): ApolloLink {
  const subscribe = connectionOf(client).subscribe
  return new ApolloLink((operation, forward) => {
    const follow = followOperation(subscribe, operation)
    if (follow === null) return forward(operation)
    return new Observable((observer) =>
      follow({
        next: (data) => observer.next({ data }),
        done: (error) => (error === null ? observer.complete() : observer.error(error)),
      }),
    )
  })
}
