import type { ServerResponse } from 'node:http'
import { breakAtEnd } from '../streaming/end-stream.ts'
import { streamedResponse } from '../streaming/streamed-response.ts'
import { within } from '../streaming/text-stream.ts'
import type { FrameReader } from './read-frames.ts'

export interface FrameResponseOptions<Frame> {
  /** Node's own response, whose connection is broken when the stream cannot go on. */
  readonly outgoing: ServerResponse
  /** A frame that becomes much more text than it holds is written piece by piece. */
  readonly write: (frame: Frame) => string | Iterable<string>
  /** Written after each `heartbeatMs` of silence. A comment, in an event stream. */
  readonly beat: string
  readonly heartbeatMs: number
  readonly headers?: Readonly<Record<string, string>>
  /** Default: text/event-stream. */
  readonly contentType?: string
}

/** How long the status waits for the first frames. Until then an error has its own status. Ms. */
const firstMs = 1000

/** How much is written at once, as soon as there is so much. UTF-16 code units. */
const enough = 32_768

/**
 * A streamed answer of frames, one write for each batch, or several for a large one, each made in a turn of the event loop after the client
 * has taken the one before. Its body ends only behind the frame that ends the stream. Whatever else
 * ends it (a drain, an expired token, a log that does not go on) breaks the connection, because clients take a clean end for
 * success. Throws what goes wrong before the first frames.
 */
export async function frameResponse<Frame>(
  { batches, stop, turn }: FrameReader<Frame>,
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
  let pieces: Iterator<string> | null = null
  const texts: AsyncIterator<string, void> = {
    async next() {
      try {
        for (;;) {
          if (pieces === null) {
            const pending = next ?? batches.next()
            next = null
            const result = await pending
            if (result.done === true) return result
            pieces = piecesOf(result.value, write)
          } else await turn()
          const { text, isAll } = taken(pieces)
          if (isAll) pieces = null
          if (text !== '') return { done: false, value: text }
        }
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

function* piecesOf<Frame>(
  frames: readonly Frame[],
  write: FrameResponseOptions<Frame>['write'],
): Generator<string, void> {
  for (const frame of frames) {
    const text = write(frame)
    if (typeof text === 'string') yield text
    else yield* text
  }
}

/** As much of the pieces as is enough. */
function taken(pieces: Iterator<string>): { readonly text: string; readonly isAll: boolean } {
  const parts: string[] = []
  let length = 0
  while (length < enough) {
    const piece = pieces.next()
    if (piece.done === true) return { text: parts.join(''), isAll: true }
    parts.push(piece.value)
    length += piece.value.length
  }
  return { text: parts.join(''), isAll: false }
}
