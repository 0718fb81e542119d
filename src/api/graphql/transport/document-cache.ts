import { _createLRUCache } from 'graphql-yoga'

/** Clients' operations are shorter; longer texts hold what was said in them as literals, and seldom come twice. */
const longestDocument = 10_000

/** Yoga's cache of documents, without the long ones: a thousand of them, kept for an hour, would be gigabytes. */
export function createDocumentCache<Value extends object>() {
  const cache = _createLRUCache<Value>()
  return {
    get: (document: string) => cache.get(document),
    set: (document: string, value: Value) => {
      if (document.length <= longestDocument) cache.set(document, value)
    },
  }
}
