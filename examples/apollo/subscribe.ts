import { type ApolloClient, CombinedGraphQLErrors } from '@apollo/client'
import { ChannelEventsDocument } from '../generated/operations.ts'
import { Refused } from '../refused.ts'
import { untilDone, type Watching } from '../watching.ts'

/**
 * Resolves after the ending. In React: `useSubscription` with the same options, and `onData`, for its `data` skips the
 * events between two renders.
 */
export function subscribe(client: ApolloClient, { channelId, after = null, onEvent, signal }: Watching): Promise<void> {
  return untilDone(signal, (done, failed) => {
    const subscription = client
      .subscribe({
        query: ChannelEventsDocument,
        variables: { channelId, after },
        // An event is not an object of the cache, and normalizing each costs more than delivering it.
        fetchPolicy: 'no-cache',
        // Otherwise who watches the same channel second gets only what is still to come.
        context: { queryDeduplication: false },
      })
      .subscribe({
        next({ data, error }) {
          if (data) onEvent(data.channelEvents)
          // A dropped connection comes here too, not to `error`.
          else failed(CombinedGraphQLErrors.is(error) ? new Refused(error.errors) : error)
        },
        error: failed,
        complete: done,
      })
    return () => subscription.unsubscribe()
  })
}
