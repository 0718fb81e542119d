/** For one waiter, which checks its own state first. `next` is fulfilled by the next `wake`, or when `signal` is aborted. */
export interface WakeUp {
  wake(): void
  next(signal: AbortSignal): Promise<void>
}

export function createWakeUp(): WakeUp {
  let resolveNext: (() => void) | null = null
  const wake = () => {
    resolveNext?.()
    resolveNext = null
  }
  return {
    wake,
    async next(signal) {
      if (signal.aborted) return
      const woken = new Promise<void>((resolve) => {
        resolveNext = resolve
      })
      signal.addEventListener('abort', wake, { once: true })
      await woken
      signal.removeEventListener('abort', wake)
    },
  }
}
