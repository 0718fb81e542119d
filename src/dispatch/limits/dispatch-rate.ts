import type { AccountId } from '../../kernel/ids.ts'

/**
 * How many dispatches an account may begin: as many at once as it has in a minute, and then one each time its share of
 * the minute is over. Counted across processes.
 */
export interface DispatchRate {
  /** Counts one, and answers with null; or with the ms until the next may begin, and counts nothing. */
  take(account: AccountId): Promise<number | null>
}

export const unlimitedRate: DispatchRate = { take: async () => null }

export const rateWindowMs = 60_000
