export interface TextStreamOptions {
  /** Written at once, before anything is waited for. */
  readonly first?: string
  /** Written whenever nothing else was for so long. */
  readonly beat: string
  readonly beatMs: number
  /** Ends the source at once, also while it is being waited for. */
  readonly onCancel: () => void
}

/** A response's body from texts, each a chunk of its own; the reader's pull is the only clock. */
export function textStream(texts: AsyncIterator<string>, options: TextStreamOptions): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let first = options.first
  let next: Promise<IteratorResult<string>> | null = null

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
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
        else controller.enqueue(encoder.encode(result.value))
      },
      async cancel() {
        options.onCancel()
        await texts.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}

/** The promise's value, or `late` when it takes longer. */
export async function within<Value>(promise: Promise<Value>, ms: number): Promise<Value | 'late'> {
  const { promise: late, resolve } = Promise.withResolvers<'late'>()
  const timer = setTimeout(() => resolve('late'), ms)
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
