import { _createLRUCache } from 'graphql-yoga'

/** The operations of clients are shorter. Longer texts contain data as literals and rarely repeat. */
const longestDocument = 10_000

/** The document cache for Yoga, without long documents: a thousand of them, kept for an hour, would take gigabytes. */
export function createDocumentCache<Value extends object>() {
  const cache = _createLRUCache<Value>()
  return {
    get: (document: string) => cache.get(document),
    set: (document: string, value: Value) => {
      if (document.length <= longestDocument) cache.set(document, value)
    },
  }
}
