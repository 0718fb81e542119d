import { type ApolloClient, CombinedGraphQLErrors } from '@apollo/client'
import { ChannelEventsDocument } from '../../generated/operations.ts'
import { Refused } from '../refused.ts'
import { untilDone, type Watching } from '../watching.ts'

/**
 * Resolves after the last event of the run. In React, use `useSubscription` with the same options and `onData`, because
 * its `data` skips events between two renders.
 */
export function subscribe(client: ApolloClient, { channelId, after = null, onEvent, signal }: Watching): Promise<void> {
  return untilDone(signal, (done, failed) => {
    const subscription = client
      .subscribe({
        query: ChannelEventsDocument,
        variables: { channelId, after },
        // Events do not belong in the cache, and normalizing each one costs more than delivering it.
        fetchPolicy: 'no-cache',
        // Otherwise a second watcher of the same channel would get only later events.
        context: { queryDeduplication: false },
      })
      .subscribe({
        next({ data, error }) {
          if (data) onEvent(data.channelEvents)
          // A dropped connection arrives here too, not in `error`.
          else failed(CombinedGraphQLErrors.is(error) ? new Refused(error.errors) : error)
        },
        error: failed,
        complete: done,
      })
    return () => subscription.unsubscribe()
  })
}
