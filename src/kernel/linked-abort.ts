export interface LinkedAbort {
  readonly signal: AbortSignal
  /** Unsubscribes from the sources. Call it when the signal is no longer needed. */
  unlink(): void
}

/**
 * A signal that aborts when the first of its sources aborts. `AbortSignal.any` does the same, but walks through its
 * sources on every check: with three checks per token, that cost a fifth of a worker's time (bench).
 */
export function linkAborts(sources: readonly AbortSignal[]): LinkedAbort {
  const linked = new AbortController()
  const follow = (event: Event) => linked.abort((event.target as AbortSignal).reason)
  for (const source of sources) {
    if (source.aborted) linked.abort(source.reason)
    source.addEventListener('abort', follow, { once: true })
  }
  return {
    signal: linked.signal,
    unlink: () => {
      for (const source of sources) source.removeEventListener('abort', follow)
    },
  }
}
