import { print } from 'graphql'
import type { Client } from 'graphql-ws'
import {
  DispatchUpdatesDocument,
  type DispatchUpdatesSubscription,
  type WholeDispatchFragment,
} from '../../generated/operations.ts'
import { Refused } from '../refused.ts'
import { untilDone } from '../watching.ts'

export interface WatchingUpdates {
  readonly channelId: string
  /** Gets the whole dispatch each time; it replaces what was shown before. */
  readonly onUpdate: (dispatch: WholeDispatchFragment) => void
  readonly signal?: AbortSignal | undefined
}

/** The simplest client: no cursor, no reducer, and any retry is correct. Resolves after the run has ended. */
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
