/**
 * An async generator whose `return()` ends it at once. A plain one queues `return()` behind a pending `next()`: a
 * watcher that leaves while nothing happens would stay subscribed until something does.
 */
export function abortableIterator<Item>(
  start: (signal: AbortSignal) => AsyncGenerator<Item, void>,
): AsyncIterableIterator<Item> {
  const abort = new AbortController()
  const generator = start(abort.signal)
  return {
    next: () => generator.next(),
    return: () => {
      abort.abort()
      return generator.return()
    },
    throw: (error: unknown) => {
      abort.abort()
      return generator.throw(error)
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** Ends `iterator` when `signal` is aborted, also when it is already. The answer stops minding the signal. */
export function endOnAbort(iterator: AsyncIterator<unknown>, signal: AbortSignal): () => void {
  const end = () => void iterator.return?.()
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  return () => signal.removeEventListener('abort', end)
}
