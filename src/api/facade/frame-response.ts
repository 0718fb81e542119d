import type { ServerResponse } from 'node:http'
import { breakAtEnd } from '../streaming/end-stream.ts'
import { streamedResponse } from '../streaming/streamed-response.ts'
import { within } from '../streaming/text-stream.ts'
import type { FrameReader } from './read-frames.ts'

export interface FrameResponseOptions<Frame> {
  /** Node's own response, whose connection is broken when the stream cannot go on. */
  readonly outgoing: ServerResponse
  readonly write: (frame: Frame) => string
  /** Written after each `heartbeatMs` of silence. A comment, in an event stream. */
  readonly beat: string
  readonly heartbeatMs: number
  readonly headers?: Readonly<Record<string, string>>
  /** Default: text/event-stream. */
  readonly contentType?: string
}

/** How long the status waits for the first frames. Until then an error has its own status. Ms. */
const firstMs = 1000

/**
 * A streamed answer of frames, one write for each batch. Its body ends only behind the frame that ends the stream. Whatever else
 * ends it (a drain, an expired token, a log that does not go on) breaks the connection, because clients take a clean end for
 * success. Throws what goes wrong before the first frames.
 */
export async function frameResponse<Frame>(
  { batches, stop }: FrameReader<Frame>,
  options: FrameResponseOptions<Frame>,
): Promise<Response> {
  const { outgoing, write, beat, heartbeatMs, headers = {}, contentType = 'text/event-stream' } = options
  outgoing.once('close', stop)
  const opening = batches.next()
  // Whoever reads the stream gets the error.
  opening.catch(() => {})
  await within(opening, firstMs)
  breakAtEnd(outgoing)

  let next: typeof opening | null = opening
  const texts: AsyncIterator<string, void> = {
    async next() {
      const pending = next ?? batches.next()
      next = null
      try {
        const result = await pending
        if (result.done === true) return result
        return { done: false, value: result.value.map(write).join('') }
      } catch {
        outgoing.destroy()
        return { done: true, value: undefined }
      }
    },
    async return() {
      stop()
      await batches.return?.()
      return { done: true, value: undefined }
    },
  }
  return streamedResponse(texts, { contentType, headers, beat, beatMs: heartbeatMs, onCancel: stop })
}
