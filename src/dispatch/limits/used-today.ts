import type { DispatchError } from '../../conversation/event.ts'
import { Failure } from '../../kernel/errors.ts'
import type { AccountId } from '../../kernel/ids.ts'

/** What the runs of an account have used since midnight, UTC, by the store's clock, in all processes. The run store counts it. */
export interface UsedToday {
  of(account: AccountId): Promise<DayUsage>
}

export interface DayUsage {
  readonly tokens: number
  /** Money, as far as prices are known. */
  readonly cost: number
  /** Until midnight. */
  readonly leftMs: number
}

/** Null: no limit. */
export interface DailyLimits {
  readonly tokens: number | null
  readonly cost: number | null
}

/** Looks at what an account may use in a day. */
export interface DailyBudget {
  isLimited(account: AccountId): boolean
  /** Null while something is left. */
  usedUp(account: AccountId): Promise<UsedUp | null>
}

export interface UsedUp {
  readonly error: DispatchError
  readonly retryAfterSeconds: number
}

/** An account without limits costs no look at the store. */
export function createDailyBudget(used: UsedToday, limitsOf: (account: AccountId) => DailyLimits): DailyBudget {
  const isLimited = (account: AccountId) => {
    const { tokens, cost } = limitsOf(account)
    return tokens !== null || cost !== null
  }
  return {
    isLimited,
    async usedUp(account) {
      if (!isLimited(account)) return null
      const { tokens, cost } = limitsOf(account)
      const today = await used.of(account)
      const what =
        tokens !== null && today.tokens >= tokens
          ? `its ${tokens} tokens (TOKENS_PER_DAY)`
          : cost !== null && today.cost >= cost
            ? `its money of ${cost} (COST_PER_DAY)`
            : null
      if (what === null) return null
      const message = `The account has used up ${what} of this day; the next day begins at 00:00 UTC.`
      return { error: { code: 'LIMIT_EXCEEDED', message }, retryAfterSeconds: Math.ceil(today.leftMs / 1000) }
    },
  }
}

export const unlimitedDays: DailyBudget = { isLimited: () => false, usedUp: async () => null }

/** Throws LIMIT_EXCEEDED when the account has used up its day. */
export async function requireDay(budget: DailyBudget, account: AccountId): Promise<void> {
  const usedUp = await budget.usedUp(account)
  if (usedUp === null) return
  const { error, retryAfterSeconds } = usedUp
  throw new Failure('LIMIT_EXCEEDED', error.message, { retryAfterSeconds })
}
