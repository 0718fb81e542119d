import type { MaskError } from '../../facade/mask-error.ts'
import { valueCost } from '../../loop-costs.ts'
import { streamedResponse } from '../../streaming/streamed-response.ts'
import type { Refusal } from '../refusal.ts'
import type { ChannelReader } from './follow-channel.ts'
import { type Framing, pingFrame } from './frames.ts'
import { errorEvent } from './translate-events.ts'

export interface ReaderResponseOptions {
  readonly framing: Framing
  readonly maskError: MaskError<Refusal>
  readonly heartbeatMs: number
  /** Written immediately. */
  readonly first?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A response that streams the reader's items, one write per item. */
export function readerResponse(reader: ChannelReader, options: ReaderResponseOptions): Response {
  const { framing, heartbeatMs, maskError, ...rest } = options
  return streamedResponse(frames(reader, options), {
    ...rest,
    contentType: framing.contentType,
    beat: pingFrame(framing),
    beatMs: heartbeatMs,
    onCancel: reader.stop,
  })
}

/** The status has been sent, so an error becomes the last event of the stream. */
async function* frames(
  { items, turn }: ChannelReader,
  { framing, maskError }: ReaderResponseOptions,
): AsyncGenerator<string, void> {
  try {
    for await (const item of items) {
      // Before it is a text, of which equal ones are kept once.
      const cost = valueCost(item.event)
      if (cost !== undefined) await turn(cost)
      yield framing.item(item)
    }
  } catch (error) {
    yield framing.other(errorEvent(maskError(error).body))
  }
}
