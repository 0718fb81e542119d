import { type Client, createRequest } from '@urql/core'
import { onEnd, pipe, subscribe as subscribeTo } from 'wonka'
import { ChannelEventsDocument } from '../generated/operations.ts'
import { Refused } from '../refused.ts'
import { untilDone, type Watching } from '../watching.ts'

let watchers = 0

/** Resolves after the ending. */
export function subscribe(client: Client, { channelId, after = null, onEvent, signal }: Watching): Promise<void> {
  const request = createRequest(ChannelEventsDocument, { channelId, after })
  // A key of its own: otherwise who watches the same channel second gets only what is still to come.
  watchers += 1
  return untilDone(signal, (done, failed) => {
    const subscription = pipe(
      client.executeSubscription({ ...request, key: request.key + watchers }),
      onEnd(done),
      subscribeTo(({ data, error, hasNext }) => {
        if (error) failed(error.networkError ?? new Refused(error.graphQLErrors))
        // Not when `hasNext` is false: to say that it is over, urql brings the last event again.
        else if (data && hasNext) onEvent(data.channelEvents)
      }),
    )
    return subscription.unsubscribe
  })
}
