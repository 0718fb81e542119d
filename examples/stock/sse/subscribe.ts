import { print } from 'graphql'
import { type Client, NetworkError } from 'graphql-sse'
import { ChannelEventsDocument, type ChannelEventsSubscription } from '../../generated/operations.ts'
import { Refused } from '../refused.ts'
import { untilDone, type Watching } from '../watching.ts'

const query = print(ChannelEventsDocument)

/** Resolves after the last event of the run. */
export function subscribe(client: Client, { channelId, after = null, onEvent, signal }: Watching): Promise<void> {
  return untilDone(signal, (done, failed) =>
    client.subscribe<ChannelEventsSubscription>(
      { query, variables: { channelId, after } },
      {
        next({ data, errors }) {
          if (data) onEvent(data.channelEvents)
          else failed(new Refused(errors))
        },
        error: (error) => failed(isRefusal(error) ? new Refused(undefined) : error),
        complete: done,
      },
    ),
  )
}

/** Whether the HTTP status says that the server refused the request, rather than that the connection failed. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof NetworkError) || error.response === undefined) return false
  return error.response.status >= 400 && error.response.status < 500
}
