import type { AccountId } from '../../kernel/ids.ts'

/**
 * Limits how many dispatches an account may begin: a token bucket per account, shared by all processes. The burst size is
 * the limit per minute, refilled evenly over a minute.
 */
export interface DispatchRate {
  /** Takes one token and returns null, or takes none and returns the ms until the next one is there. */
  take(account: AccountId): Promise<number | null>
}

export const unlimitedRate: DispatchRate = { take: async () => null }

export const rateWindowMs = 60_000
