import { type Exchange, makeErrorResult, type OperationResult } from '@urql/core'
import { filter, make, merge, mergeMap, pipe, takeUntil } from 'wonka'
import { followOperation } from './adapters/exact-operation.ts'
import { type Backchannel, connectionOf } from './client.ts'

/**
 * Answers subscriptions to `channelEvents`: every event once and in order, across lost connections and expired tokens, over
 * the connection of the client. An error is a `BackchannelError`, as `error.networkError`. It stands before the exchanges
 * that fetch; all other operations go to those.
 */
export function createChannelEventsExchange(client: Backchannel): Exchange {
  const subscribe = connectionOf(client).subscribe
  return ({ forward }) =>
    (operations) => {
      const startOf = ({ kind, query, variables }: Parameters<typeof makeErrorResult>[0]) =>
        kind === 'subscription' ? followOperation(subscribe, { query, variables: { ...variables } }) : null
      const answered = pipe(
        operations,
        mergeMap((operation) => {
          const follow = startOf(operation)
          const ended = pipe(
            operations,
            filter(({ kind, key }) => kind === 'teardown' && key === operation.key),
          )
          const results = make<OperationResult>(({ next, complete }) => {
            if (follow === null) return () => {}
            let last: OperationResult = { operation, data: undefined, stale: false, hasNext: false }
            return follow({
              next(data) {
                last = { operation, data, stale: false, hasNext: true }
                next(last)
              },
              done(error) {
                // urql takes only a result without more to come for the end, so the last one comes twice.
                next(error === null ? { ...last, hasNext: false } : makeErrorResult(operation, error))
                complete()
              },
            })
          })
          return pipe(results, takeUntil(ended))
        }),
      )
      const others = pipe(
        operations,
        filter((operation) => startOf(operation) === null),
        forward,
      )
      return merge([answered, others])
    }
}
