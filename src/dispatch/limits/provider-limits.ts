import type { Job } from '../schedule/queue.ts'

/**
 * What a provider may be asked in a minute, by all processes together: a token bucket each for requests and for tokens, refilled
 * evenly. A minute never has more requests than the limit. Tokens are estimated before a call and corrected after it, so the calls in
 * flight may go beyond their limit; those after them wait for it.
 */
export interface ProviderLimit {
  /** As it stands before the colon of a model's name. Several may share a bucket. */
  readonly provider: string
  readonly bucket: string
  /** Null: no limit. */
  readonly requestsPerMinute: number | null
  readonly tokensPerMinute: number | null
}

export interface ProviderLimits {
  /**
   * Asks for one call. 0: go on. Up to `patienceMs`: go on after so many ms, the call has been counted. More: it has not, and the
   * limits are used up for about so long.
   */
  enter(call: ProviderCall): Promise<number>
  /** Corrects the estimate of a call that is over by so many tokens. */
  correct(provider: string, tokens: number): Promise<void>
}

export interface ProviderCall {
  readonly provider: string
  /** The run's job: a call may have been counted when its turn came. */
  readonly job: Pick<Job, 'key' | 'wake'>
  /** An estimate of what the call will use. */
  readonly tokens: number
  readonly patienceMs: number
}

/** A bucket as a theoretical arrival time: a call may go when the time is no more than `burstMs` ahead, and moves it on by `eachMs`. */
export interface Pace {
  readonly eachMs: number
  readonly burstMs: number
}

const minuteMs = 60_000
/** The share of a minute's limit that may come at once. The rest is spread over the minute, so that no minute has more than the limit. */
const burstShare = 10

/** Null limit: a pace that holds nobody up. */
export function paceOfRequests(perMinute: number | null): Pace {
  if (perMinute === null) return { eachMs: 0, burstMs: 0 }
  const extra = Math.floor(perMinute / burstShare)
  const eachMs = minuteMs / (perMinute - extra)
  return { eachMs, burstMs: extra * eachMs }
}

export function paceOfTokens(perMinute: number | null): Pace {
  if (perMinute === null) return { eachMs: 0, burstMs: 0 }
  const eachMs = minuteMs / (perMinute * (1 - 1 / burstShare))
  return { eachMs, burstMs: (perMinute / burstShare) * eachMs }
}
