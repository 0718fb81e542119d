import type { Delivery } from './delivery.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute

/** The pause before each attempt, the first of which comes at once: three days in all, as the Standard Webhooks specification advises. */
const attemptPausesMs: readonly number[] = [
  ...[0, 5 * second, 5 * minute, 30 * minute],
  ...[2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour],
]

/** A receiver that asks for a longer pause gets this one. */
const longestPauseMs = 24 * hour

/** What became of one attempt. `gone`: the receiver wants nothing more (410). */
export type AttemptOutcome =
  | { readonly kind: 'delivered'; readonly statusCode: number }
  | { readonly kind: 'gone'; readonly statusCode: number }
  | {
      readonly kind: 'failed'
      /** Null: there was no answer. */
      readonly statusCode: number | null
      readonly error: string
      /** As the receiver asks for; null: it does not. */
      readonly retryAfterMs: number | null
    }

/** What an answer means. A redirect is not followed: it could lead anywhere, and its receiver would not be the one that was named. */
export function judgeAnswer(statusCode: number, retryAfterMs: number | null): AttemptOutcome {
  if (statusCode >= 200 && statusCode <= 299) return { kind: 'delivered', statusCode }
  if (statusCode === 410) return { kind: 'gone', statusCode }
  const why = statusCode >= 300 && statusCode <= 399 ? '; redirects are not followed' : ''
  return { kind: 'failed', statusCode, error: `The endpoint answered with status ${statusCode}${why}.`, retryAfterMs }
}

/** The delivery after an attempt. */
export function afterAttempt(before: Delivery, outcome: AttemptOutcome, now: number): Delivery {
  const attempts = before.attempts + 1
  const made = { ...before, attempts, lastStatusCode: outcome.statusCode }
  if (outcome.kind === 'delivered') return { ...made, status: 'delivered', lastError: null, nextAt: null }
  if (outcome.kind === 'gone') {
    return { ...made, status: 'failed', lastError: 'The endpoint is gone: it answered with status 410.', nextAt: null }
  }
  const pause = attemptPausesMs[attempts - before.attemptsBefore]
  if (pause === undefined) return { ...made, status: 'failed', lastError: outcome.error, nextAt: null }
  const nextAt = now + Math.max(pause, Math.min(outcome.retryAfterMs ?? 0, longestPauseMs))
  return { ...made, status: 'pending', lastError: outcome.error, nextAt }
}

/** An endpoint that is switched off gets nothing; nobody has tried. */
export function notSent(before: Delivery, why: string): Delivery {
  return { ...before, status: 'failed', lastError: why, nextAt: null }
}

export function sentAgain(before: Delivery, now: number): Delivery {
  return { ...before, status: 'pending', attemptsBefore: before.attempts, nextAt: now }
}
