/** What the source of a subscription yields: an item, or the error that ended it. */
export type Streamed<Item> = { readonly item: Item } | { readonly error: unknown }

/**
 * Flattens batches, because GraphQL takes one value at a time, and turns an error of the source into a last value.
 * `resolveStreamed` throws that error, so that it becomes a result with `errors`, which every transport delivers. If the
 * iterator threw, some transports would close the connection instead.
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

/** The `resolve` of a subscription field. Throws the error that ended the source. */
export function resolveStreamed<Item>(streamed: Streamed<Item>): Item {
  if ('error' in streamed) throw streamed.error
  return streamed.item
}
