import type { MaskError } from '../mask-error.ts'
import type { ChannelReader } from './follow-channel.ts'
import { type Framing, pingFrame } from './frames.ts'
import { textStream } from './text-stream.ts'
import { errorEvent } from './translate-events.ts'

export interface StreamOptions {
  readonly framing: Framing
  readonly maskError: MaskError
  readonly heartbeatMs: number
  /** Written at once. */
  readonly first?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Proxies pass each write on, and the listener collects none. */
export const unbuffered = {
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
  'transfer-encoding': 'chunked',
} as const

/** A response with what a reader brings, one write a frame. */
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

/** The status is out already: what goes wrong now is the stream's last word. */
async function* frames({ items }: ChannelReader, { framing, maskError }: StreamOptions): AsyncGenerator<string, void> {
  try {
    for await (const item of items) yield framing.item(item)
  } catch (error) {
    yield framing.other(errorEvent(maskError(error).body))
  }
}
