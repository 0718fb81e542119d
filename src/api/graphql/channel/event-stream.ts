/** What a subscription's source yields: an item, or what ended it. */
export type Streamed<Item> = { readonly item: Item } | { readonly error: unknown }

/**
 * Flattens batches for GraphQL, which takes one value at a time, and turns an error of the source into a last value:
 * `resolveStreamed` throws it there, where it becomes a result with `errors`, as every transport can deliver. An
 * iterator that throws closes some of them instead.
 */
export function streamed<Batch, Item>(
  source: AsyncIterableIterator<Batch>,
  items: (batch: Batch) => readonly Item[],
): AsyncIterableIterator<Streamed<Item>> {
  let current: readonly Item[] = []
  let next = 0
  let failed = false

  return {
    async next() {
      while (next === current.length && !failed) {
        try {
          const result = await source.next()
          if (result.done) return { done: true, value: undefined }
          current = items(result.value)
          next = 0
        } catch (error) {
          failed = true
          return { done: false, value: { error } }
        }
      }
      const item = current[next]
      if (item === undefined || failed) return { done: true, value: undefined }
      next += 1
      return { done: false, value: { item } }
    },
    async return() {
      await source.return?.()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** A subscription field's `resolve`. */
export function resolveStreamed<Item>(streamed: Streamed<Item>): Item {
  if ('error' in streamed) throw streamed.error
  return streamed.item
}
