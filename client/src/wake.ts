type Page = Partial<Pick<typeof globalThis, 'addEventListener' | 'removeEventListener' | 'document'>>

/** Calls back when the browser is online again, and when its page is looked at again. The returned function ends that. */
export function onWake(call: () => void): () => void {
  const page: Page = globalThis
  const look = () => {
    if (page.document?.visibilityState !== 'hidden') call()
  }
  const kinds = ['online', 'visibilitychange']
  for (const kind of kinds) page.addEventListener?.(kind, look)
  return () => {
    for (const kind of kinds) page.removeEventListener?.(kind, look)
  }
}
