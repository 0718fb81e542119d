import { unbuffered } from '../../streaming/unbuffered.ts'
import type { MaskError } from '../mask-error.ts'
import type { ChannelReader } from './follow-channel.ts'
import { type Framing, pingFrame } from './frames.ts'
import { textStream } from './text-stream.ts'
import { errorEvent } from './translate-events.ts'

export interface StreamOptions {
  readonly framing: Framing
  readonly maskError: MaskError
  readonly heartbeatMs: number
  /** Written immediately. */
  readonly first?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A response that streams the reader's items, one write per item. */
export function streamResponse(reader: ChannelReader, options: StreamOptions): Response {
  const { framing, heartbeatMs, first, headers } = options
  const body = textStream(frames(reader, options), {
    ...(first !== undefined && { first }),
    beat: pingFrame(framing),
    beatMs: heartbeatMs,
    onCancel: reader.stop,
  })
  return new Response(body, { headers: { ...headers, 'content-type': framing.contentType, ...unbuffered } })
}

/** The status has been sent, so an error becomes the last event of the stream. */
async function* frames({ items }: ChannelReader, { framing, maskError }: StreamOptions): AsyncGenerator<string, void> {
  try {
    for await (const item of items) yield framing.item(item)
  } catch (error) {
    yield framing.other(errorEvent(maskError(error).body))
  }
}
