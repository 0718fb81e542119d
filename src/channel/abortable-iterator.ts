/**
 * An async generator whose `return()` ends it at once. A plain generator queues `return()` behind a pending `next()`, so a
 * watcher that leaves while nothing happens would stay subscribed until something does. If the generator ignores the signal,
 * because it waits for a store that is away, the pending `next()` is done on the next turn of the event loop anyway, and
 * `return()` when the generator has cleaned up.
 */
export function abortableIterator<Item>(
  start: (signal: AbortSignal) => AsyncGenerator<Item, void>,
): AsyncIterableIterator<Item> {
  const abort = new AbortController()
  const generator = start(abort.signal)
  const pending = new Set<() => void>()
  const leave = () => {
    abort.abort()
    setImmediate(() => {
      for (const letGo of pending) letGo()
    })
  }
  return {
    next: () =>
      new Promise((resolve, reject) => {
        const letGo = () => resolve({ done: true, value: undefined })
        pending.add(letGo)
        generator.next().then(
          (result) => {
            pending.delete(letGo)
            resolve(result)
          },
          (error: unknown) => {
            pending.delete(letGo)
            reject(error)
          },
        )
      }),
    return: () => {
      leave()
      return generator.return()
    },
    throw: (error: unknown) => {
      leave()
      return generator.throw(error)
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** Ends `iterator` when `signal` is aborted, or at once if it already is. Returns a function that removes the listener. */
export function endOnAbort(iterator: AsyncIterator<unknown>, signal: AbortSignal): () => void {
  const end = () => void iterator.return?.()
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  return () => signal.removeEventListener('abort', end)
}
