import type { Principal } from '../../../access/principal.ts'
import type { Run } from '../../../dispatch/run.ts'
import { unavailable } from '../../../kernel/errors.ts'
import { withRawNumbers } from '../../../kernel/json.ts'
import type { MaskError } from '../../facade/mask-error.ts'
import { streamedResponse } from '../../streaming/streamed-response.ts'
import { within } from '../../streaming/text-stream.ts'
import { acceptedType } from '../accepted-type.ts'
import { asciiJson } from '../ascii-json.ts'
import type { Endpoints } from '../endpoints.ts'
import type { Refusal } from '../refusal.ts'
import { type ChannelReader, readChannel } from '../stream/follow-channel.ts'
import { completionFraming } from '../stream/frames.ts'
import { readerResponse } from '../stream/reader-response.ts'
import type { StreamItem } from '../stream/stream-items.ts'

export interface CompletionRequest {
  readonly principal: Principal
  /** Called when the form of the request is right. */
  readonly dispatch: () => Promise<Run>
  readonly accept: string | undefined
}

interface Outcome {
  readonly status: number
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Dispatches and follows the run, as a stream of events or until its result. If the result takes longer than one heartbeat,
 * status and headers go out first, because clients on Node give up without them, followed by spaces, which JSON allows. An error
 * after that has the status 200.
 */
export async function completion(
  { principal, dispatch, accept }: CompletionRequest,
  endpoints: Omit<Endpoints, 'api'>,
): Promise<Response> {
  const { maskError, heartbeatMs } = endpoints
  const type = acceptedType(accept, ['json', 'jsonl', 'sse'])
  const { key } = await dispatch()
  const reader = withoutPublications(readChannel(endpoints, { key, principal, start: {} }))
  const headers = { 'x-channel-id': key.channel }
  if (type !== 'json') {
    return readerResponse(reader, { framing: completionFraming[type], maskError, heartbeatMs, headers })
  }
  const outcome = outcomeOf(reader, maskError)
  const early = await within(outcome, heartbeatMs)
  if (early !== 'late')
    return Response.json(withRawNumbers(early.body), {
      status: early.status,
      headers: { ...early.headers, ...headers },
    })
  return streamedResponse(bodyOf(outcome), {
    contentType: 'application/json',
    headers,
    first: ' ',
    beat: ' ',
    beatMs: heartbeatMs,
    onCancel: reader.stop,
  })
}

/** Drops messages that others publish on the channel: they are not part of a completion. */
function withoutPublications({ items, stop, turn }: ChannelReader): ChannelReader {
  async function* own(): AsyncGenerator<StreamItem, void> {
    for await (const item of items) if (item.source !== 'channel-message-published') yield item
  }
  return { items: own(), stop, turn }
}

/** Never rejects, because the caller may await it only later. */
async function outcomeOf({ items }: ChannelReader, maskError: MaskError<Refusal>): Promise<Outcome> {
  try {
    let last: StreamItem | null = null
    for await (const item of items) last = item
    const { type, data } = last?.event ?? {}
    if (type === 'result') return { status: 200, body: data, headers: {} }
    // 4xx, because the worker has already retried; on a 5xx the client would start the run three times more.
    if (type === 'error') return { status: 422, body: data, headers: {} }
    throw unavailable('The server stopped following the run.')
  } catch (error) {
    return maskError(error)
  }
}

async function* bodyOf(outcome: Promise<Outcome>): AsyncGenerator<string, void> {
  yield asciiJson((await outcome).body)
}
