/** A clock that stands still for long timers only. */
export interface HeldTimers {
  /** Those that take at most so many milliseconds run out now. */
  runOut(upToMs: number): void
  /** Time passes as usual again; what should have run out meanwhile does so now. */
  release(): void
}

interface Held {
  readonly ms: number
  readonly runOut: () => void
  isOverdue: boolean
}

/**
 * Holds each `setTimeout` of this process that is to take at least so long, until it is released: shows what waits for
 * such a timer and what does not, however slow the machine is. Timers of sockets and of `node:timers` are not held.
 */
export function holdTimers(fromMs: number): HeldTimers {
  const { setTimeout: set, clearTimeout: clear } = globalThis
  const held = new Map<unknown, Held>()
  let isHolding = true

  const setHeld = (callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
    if (ms < fromMs) return set(callback, ms, ...args)
    const timer = set(() => {
      if (isHolding) entry.isOverdue = true
      else entry.runOut()
    }, ms)
    const entry: Held = {
      ms,
      runOut() {
        clear(timer)
        if (held.delete(timer)) callback(...args)
      },
      isOverdue: false,
    }
    held.set(timer, entry)
    return timer
  }
  const clearHeld: typeof clearTimeout = (timer) => {
    held.delete(timer)
    clear(timer)
  }
  // Whatever else hangs on the function, such as its promisified form, stays as it is.
  globalThis.setTimeout = Object.assign(setHeld, set) as typeof setTimeout
  globalThis.clearTimeout = clearHeld
  return {
    runOut(upToMs) {
      for (const entry of [...held.values()]) if (entry.ms <= upToMs) entry.runOut()
    },
    release() {
      isHolding = false
      globalThis.setTimeout = set
      globalThis.clearTimeout = clear
      for (const entry of [...held.values()]) if (entry.isOverdue) entry.runOut()
    },
  }
}
