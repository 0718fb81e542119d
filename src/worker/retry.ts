/** How a model call is tried again within its iteration. */
export interface RetryPolicy {
  /** Tries in all, the first included. */
  readonly tries: number
  readonly firstDelayMs: number
  readonly maxDelayMs: number
  /** A provider that wants more time than this is given up instead: a waiting run holds a worker. */
  readonly maxRetryAfterMs: number
}

export const defaultRetryPolicy: RetryPolicy = {
  tries: 6,
  firstDelayMs: 500,
  maxDelayMs: 20_000,
  maxRetryAfterMs: 120_000,
}

/**
 * How long to wait before the next try, after `tries` have failed; null to give up. Doubles each time, with up to a
 * quarter of jitter so that runs that failed together do not come back together; never before the provider's own time.
 */
export function delayBeforeRetry(
  policy: RetryPolicy,
  tries: number,
  { retryAfterMs, random }: { readonly retryAfterMs: number | null; readonly random: () => number },
): number | null {
  if (tries >= policy.tries || (retryAfterMs ?? 0) > policy.maxRetryAfterMs) return null
  const delay = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** (tries - 1))
  return Math.max(retryAfterMs ?? 0, delay) + delay * 0.25 * random()
}
