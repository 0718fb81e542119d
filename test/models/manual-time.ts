/** A clock that stands still until it is moved, and the sleepers it wakes then. */
export interface ManualTime {
  readonly clock: () => number
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** What sleeps, and until when. */
  readonly sleepers: ReadonlySet<{ readonly until: number }>
  /** Moves the clock, wakes who slept until then, and lets the loop turn so that they can act. */
  pass(ms: number): Promise<void>
}

export function createManualTime(): ManualTime {
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>()
  let now = 0
  return {
    clock: () => now,
    sleepers,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { until: now + ms, wake: resolve }
        sleepers.add(sleeper)
        signal.addEventListener('abort', () => {
          sleepers.delete(sleeper)
          reject(signal.reason)
        })
      }),
    async pass(ms) {
      now += ms
      for (const sleeper of sleepers) {
        if (sleeper.until > now) continue
        sleepers.delete(sleeper)
        sleeper.wake()
      }
      await settled()
    },
  }
}

/** After everything that only waits for promises. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
