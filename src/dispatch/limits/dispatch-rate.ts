import { Failure } from '../../kernel/errors.ts'
import type { AccountId } from '../../kernel/ids.ts'

/**
 * Limits how many dispatches an account may begin, and how many of its may be refused for their form: a token bucket per account, shared by all processes. The burst size is
 * the limit per minute, refilled evenly over a minute.
 */
export interface DispatchRate {
  /** Takes one token and returns null, or takes none and returns the ms until the next one is there. */
  take(account: AccountId): Promise<number | null>
}

/** Counts one dispatch, or throws LIMIT_EXCEEDED. */
export async function countDispatch(rate: DispatchRate, account: AccountId): Promise<void> {
  const waitMs = await rate.take(account)
  if (waitMs === null) return
  const retryAfterSeconds = Math.ceil(waitMs / 1000)
  const message = `The account has used up its dispatches of this minute; the next may be sent in ${retryAfterSeconds} s.`
  throw new Failure('LIMIT_EXCEEDED', message, { retryAfterSeconds })
}

export const unlimitedRate: DispatchRate = { take: async () => null }

export const rateWindowMs = 60_000
