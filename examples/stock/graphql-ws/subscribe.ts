import { print } from 'graphql'
import type { Client } from 'graphql-ws'
import { ChannelEventsDocument, type ChannelEventsSubscription } from '../../generated/operations.ts'
import { Refused } from '../refused.ts'
import { untilDone, type Watching } from '../watching.ts'

const query = print(ChannelEventsDocument)

/**
 * Resolves after the last event of the run. A retrying client sends the same `after` again, so events may repeat; pass
 * them to `applyEvent`, which ignores repeats.
 */
export function subscribe(client: Client, { channelId, after = null, onEvent, signal }: Watching): Promise<void> {
  return untilDone(signal, (done, failed) =>
    client.subscribe<ChannelEventsSubscription>(
      { query, variables: { channelId, after } },
      {
        next({ data, errors }) {
          if (data) onEvent(data.channelEvents)
          else failed(new Refused(errors))
        },
        // An array of errors: the server refused the request. Anything else: the connection failed.
        error: (error) => failed(Array.isArray(error) ? new Refused(error) : error),
        complete: done,
      },
    ),
  )
}
