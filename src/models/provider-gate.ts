import { type Model, ModelFault } from './model.ts'

export interface ProviderGateOptions {
  /** The most simultaneous calls to the provider from this process. Further calls wait in order of arrival. */
  readonly maxInFlight: number
  readonly clock: () => number
  /** Ends early, with any error, when its signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>
  /** Returns a number from 0 to 1. */
  readonly random: () => number
}

export interface ProviderGate {
  /** Wraps a model so that its calls wait here for their turn. An aborted call leaves the queue. */
  bind(model: Model): Model
}

const firstPauseMs = 500
const longestPauseMs = 30_000
/**
 * The longest pause to wait here; the caller handles longer ones, because a call that waits here looks like one in
 * progress.
 */
const longestRetryAfterMs = 60_000

/**
 * Limits the calls to one provider. It bounds the calls in flight. When the provider asks for fewer, it holds new calls
 * until the provider's `Retry-After`, or for twice the previous pause; calls in flight continue. A call that was sent
 * before a pause neither extends the pause by being refused nor resets the doubling by succeeding.
 */
export function createProviderGate({ maxInFlight, clock, sleep, random }: ProviderGateOptions): ProviderGate {
  const waiting = new Set<() => void>()
  let inFlight = 0
  let closedUntil = Number.NEGATIVE_INFINITY
  let pauses = 0
  let pausesInARow = 0
  let alarm: AbortController | null = null

  const admit = () => {
    for (const go of waiting) {
      if (inFlight >= maxInFlight || clock() < closedUntil) break
      waiting.delete(go)
      inFlight += 1
      go()
    }
    if (waiting.size === 0) {
      alarm?.abort()
      alarm = null
    } else if (alarm === null && clock() < closedUntil) {
      setAlarm()
    }
  }

  const setAlarm = () => {
    const set = new AbortController()
    alarm = set
    const ring = () => {
      if (alarm !== set) return
      alarm = null
      admit()
    }
    sleep(closedUntil - clock(), set.signal).then(ring, ring)
  }

  const enter = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      signal.throwIfAborted()
      const go = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        waiting.delete(go)
        reject(signal.reason)
        admit()
      }
      signal.addEventListener('abort', leave, { once: true })
      waiting.add(go)
      admit()
    })

  const pause = (retryAfterMs: number | null, pausesBefore: number) => {
    const isOfThisRound = pausesBefore === pauses
    if (isOfThisRound) {
      pauses += 1
      pausesInARow += 1
    } else if (retryAfterMs === null) {
      return
    }
    const ms =
      retryAfterMs === null
        ? Math.min(firstPauseMs * 2 ** (pausesInARow - 1), longestPauseMs)
        : Math.min(retryAfterMs, longestRetryAfterMs)
    closedUntil = Math.max(closedUntil, clock() + ms * (1 + random() / 5))
  }

  return {
    bind: (model) => ({
      ...model,
      async *stream(call) {
        await enter(call.signal)
        const pausesBefore = pauses
        try {
          for await (const part of model.stream(call)) {
            if (pausesBefore === pauses) pausesInARow = 0
            yield part
          }
        } catch (error) {
          if (error instanceof ModelFault && error.isThrottled) pause(error.retryAfterMs, pausesBefore)
          throw error
        } finally {
          inFlight -= 1
          admit()
        }
      },
    }),
  }
}
