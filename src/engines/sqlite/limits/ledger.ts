import { accountIsFull } from '../../../dispatch/limits/stored-bytes.ts'
import type { AccountId } from '../../../kernel/ids.ts'
import type { Statements } from '../database/statements.ts'

/** What each account has stored: the table `account`, which triggers keep. */
export interface Ledger {
  held(account: AccountId): number
  total(): number
  /** Whether the account has no room to grow by so much. Frees first what the account itself can spare. */
  isFull(account: AccountId, growth: number): boolean
  /** Throws LIMIT_EXCEEDED if the account has no room for more than it holds. What does not grow always has room. */
  requireRoom(account: AccountId, growth: number): void
  /** @param spare frees something that the account can spare; false: it has nothing there */
  spareBy(spare: (account: AccountId) => boolean): void
}

/** @param limit of each account; 0: no limit */
export function createLedger(sql: Statements, limit: number): Ledger {
  const sparing: ((account: AccountId) => boolean)[] = []
  const held = (account: AccountId) =>
    sql.one<{ bytes: number }>('SELECT bytes FROM account WHERE account = ?', account)?.bytes ?? 0
  const isFull = (account: AccountId, growth: number): boolean => {
    if (limit === 0) return false
    while (held(account) + growth > limit) {
      if (!sparing.some((spare) => spare(account))) return true
    }
    return false
  }
  return {
    held,
    total: () => sql.one<{ bytes: number }>('SELECT coalesce(sum(bytes), 0) AS bytes FROM account')?.bytes ?? 0,
    isFull,
    requireRoom(account, growth) {
      if (growth > 0 && isFull(account, growth)) throw accountIsFull()
    },
    spareBy: (spare) => void sparing.push(spare),
  }
}
