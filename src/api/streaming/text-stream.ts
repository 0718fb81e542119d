import { shareBytes } from './share-bytes.ts'

export interface TextStreamOptions {
  /** Written immediately, before the first text is awaited. */
  readonly first?: string
  /** Written after each `beatMs` of silence. */
  readonly beat: string
  readonly beatMs: number
  /** Ends the source at once, even while a text is awaited. */
  readonly onCancel: () => void
}

/** Bytes of a chunk. A client that takes a long text slowly is seen to take it. */
const longestChunk = 65_536

/** A response body made of texts, one chunk each, or several for a long one. It reads the next text only when the client pulls, so nothing piles up. */
export function textStream(texts: AsyncIterator<string>, options: TextStreamOptions): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let first = options.first
  let next: Promise<IteratorResult<string>> | null = null
  let rest = new Uint8Array()

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const write = (bytes: Uint8Array<ArrayBuffer>) => {
          controller.enqueue(bytes.subarray(0, longestChunk))
          rest = bytes.subarray(longestChunk)
        }
        if (rest.byteLength > 0) return write(rest)
        if (first !== undefined) {
          controller.enqueue(encoder.encode(first))
          first = undefined
          return
        }
        next ??= texts.next()
        const result = await within(next, options.beatMs)
        if (result === 'late') return controller.enqueue(encoder.encode(options.beat))
        next = null
        if (result.done) controller.close()
        else write(shareBytes(result.value))
      },
      async cancel() {
        options.onCancel()
        await texts.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}

/** The value of the promise, or `late` after `ms`. */
export async function within<Value>(promise: Promise<Value>, ms: number): Promise<Value | 'late'> {
  const { promise: late, resolve } = Promise.withResolvers<'late'>()
  const timer = setTimeout(() => resolve('late'), ms)
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
