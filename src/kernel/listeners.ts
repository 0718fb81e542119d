/** Who is to be told of what happens to each of many things, by their names. */
export interface Listeners<News extends readonly unknown[]> {
  /** The returned function ends it. */
  add(name: string, listener: (...news: News) => void): () => void
  /** Whether anybody listens. */
  has(name: string): boolean
  tell(name: string, ...news: News): void
}

export function createListeners<News extends readonly unknown[]>(): Listeners<News> {
  const listeners = new Map<string, Set<(...news: News) => void>>()
  return {
    add(name, listener) {
      const ofName = listeners.get(name) ?? new Set()
      listeners.set(name, ofName)
      ofName.add(listener)
      return () => {
        ofName.delete(listener)
        if (ofName.size === 0 && listeners.get(name) === ofName) listeners.delete(name)
      }
    },
    has: (name) => listeners.has(name),
    tell(name, ...news) {
      // One of them may end another.
      for (const listener of [...(listeners.get(name) ?? [])]) {
        if (listeners.get(name)?.has(listener)) listener(...news)
      }
    },
  }
}
