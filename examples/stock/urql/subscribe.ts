import { type Client, createRequest } from '@urql/core'
import { onEnd, pipe, subscribe as subscribeTo } from 'wonka'
import { ChannelEventsDocument } from '../../generated/operations.ts'
import { Refused } from '../refused.ts'
import { untilDone, type Watching } from '../watching.ts'

let watchers = 0

/** Resolves after the last event of the run. */
export function subscribe(client: Client, { channelId, after = null, onEvent, signal }: Watching): Promise<void> {
  const request = createRequest(ChannelEventsDocument, { channelId, after })
  // A unique key; otherwise a second watcher of the same channel would get only later events.
  watchers += 1
  return untilDone(signal, (done, failed) => {
    const subscription = pipe(
      client.executeSubscription({ ...request, key: request.key + watchers }),
      onEnd(done),
      subscribeTo(({ data, error, hasNext }) => {
        if (error) failed(error.networkError ?? new Refused(error.graphQLErrors))
        // Ignores the result with `hasNext: false`: urql repeats the last event to signal the end.
        else if (data && hasNext) onEvent(data.channelEvents)
      }),
    )
    return subscription.unsubscribe
  })
}
