export interface RepeatOptions {
  readonly intervalMs: number
  readonly onError: (error: unknown) => void
}

/** Does something at each interval, unless it is still at it. The returned function ends that, and waits for what is under way. */
export function repeat(act: () => Promise<void>, { intervalMs, onError }: RepeatOptions): () => Promise<void> {
  let current: Promise<void> | null = null
  const timer = setInterval(() => {
    current ??= act()
      .catch(onError)
      .finally(() => {
        current = null
      })
  }, intervalMs)
  return async () => {
    clearInterval(timer)
    await current
  }
}
