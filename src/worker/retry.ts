import type { ModelFault } from '../models/model.ts'

/** How a model call is retried within its iteration. */
export interface RetryPolicy {
  /** Failed tries at which to give up, without those that the provider only throttled. */
  readonly tries: number
  /** Throttled tries (429) at which to give up. */
  readonly throttles: number
  /** Times that one and the same fault may come back (`ModelFault.sameAs`): each of them has cost an answer. */
  readonly sameFaults: number
  readonly firstDelayMs: number
  readonly maxDelayMs: number
  /** Longest wait that a provider may ask for. Beyond it the call is given up, because a waiting run holds a worker. */
  readonly maxRetryAfterMs: number
}

export const defaultRetryPolicy: RetryPolicy = {
  tries: 8,
  throttles: 100,
  // Twice may be chance, as a model says something else each time; what comes a third time comes for ever.
  sameFaults: 3,
  firstDelayMs: 500,
  maxDelayMs: 20_000,
  maxRetryAfterMs: 120_000,
}

export interface Retries {
  /**
   * The back-off before the next try after this fault, in ms; null to give up. Doubles with each fault of a kind, with jitter of
   * up to a quarter of the first delay, so that runs that failed together do not come back together. A time that the
   * provider names is used instead.
   */
  delayAfter(fault: ModelFault): number | null
}

/** Of one iteration. `random` gives numbers from 0 to 1. */
export function createRetries(policy: RetryPolicy, random: () => number): Retries {
  let failures = 0
  let throttles = 0
  const seen = new Map<string, number>()
  /** How often this fault has been met, this time included. */
  const times = ({ sameAs }: ModelFault): number => {
    if (sameAs === null) return 1
    const count = (seen.get(sameAs) ?? 0) + 1
    seen.set(sameAs, count)
    return count
  }
  return {
    delayAfter(fault) {
      const { isRetryable, isThrottled, retryAfterMs } = fault
      if (times(fault) >= policy.sameFaults) return null
      if (isThrottled) throttles += 1
      else failures += 1
      if (!isRetryable || failures >= policy.tries || throttles >= policy.throttles) return null
      if ((retryAfterMs ?? 0) > policy.maxRetryAfterMs) return null
      const doublings = Math.min((isThrottled ? throttles : failures) - 1, 20)
      const backOff = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** doublings)
      return (retryAfterMs ?? backOff) + policy.firstDelayMs * 0.25 * random()
    },
  }
}
