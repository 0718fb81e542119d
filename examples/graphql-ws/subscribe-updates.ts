import { print } from 'graphql'
import type { Client } from 'graphql-ws'
import {
  DispatchUpdatesDocument,
  type DispatchUpdatesSubscription,
  type WholeDispatchFragment,
} from '../generated/operations.ts'
import { Refused } from '../refused.ts'
import { untilDone } from '../watching.ts'

export interface WatchingUpdates {
  readonly channelId: string
  /** The whole dispatch each time: show it instead of what was shown before. */
  readonly onUpdate: (dispatch: WholeDispatchFragment) => void
  readonly signal?: AbortSignal | undefined
}

/** The least that a client can do: no cursor, no reducer, and any retry is right. Resolves after the ending. */
export function subscribeUpdates(client: Client, { channelId, onUpdate, signal }: WatchingUpdates): Promise<void> {
  return untilDone(signal, (done, failed) =>
    client.subscribe<DispatchUpdatesSubscription>(
      { query: print(DispatchUpdatesDocument), variables: { channelId } },
      {
        next({ data, errors }) {
          if (data) onUpdate(data.dispatchUpdates)
          else failed(new Refused(errors))
        },
        error: (error) => failed(Array.isArray(error) ? new Refused(error) : error),
        complete: done,
      },
    ),
  )
}
