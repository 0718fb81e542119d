import { type DispatchRate, rateWindowMs, unlimitedRate } from '../../../dispatch/limits/dispatch-rate.ts'
import type { AccountId } from '../../../kernel/ids.ts'

/** @param perMinute 0: no limit. */
export function createEmbeddedDispatchRate(perMinute: number, clock: () => number): DispatchRate {
  if (perMinute === 0) return unlimitedRate
  const shareMs = rateWindowMs / perMinute
  /** When an account's bucket is full again, in ms since 1970. */
  const clearAt = new Map<AccountId, number>()
  return {
    async take(account) {
      const now = clock()
      const at = Math.max(clearAt.get(account) ?? now, now)
      const waitMs = at + shareMs - now - rateWindowMs
      // A millionth of a millisecond allows for rounding in the sum of shares.
      if (waitMs > 1e-6) return waitMs
      clearAt.set(account, at + shareMs)
      return null
    },
  }
}
