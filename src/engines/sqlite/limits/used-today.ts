import { roundedCost } from '../../../conversation/price.ts'
import type { Usage } from '../../../conversation/usage.ts'
import type { UsedToday } from '../../../dispatch/limits/used-today.ts'
import type { AccountId } from '../../../kernel/ids.ts'
import type { Database } from '../database/group-commit.ts'
import type { Statements } from '../database/statements.ts'

/** What each account has used since midnight, UTC: the table `usedToday`, with one row for each account that has used anything today. */
export interface UsedTodayRows {
  /** Part of a command: counts what a run's usage grows by, where it is stored. */
  count(account: AccountId, before: Usage, after: Usage): void
}

interface Row {
  readonly tokens: number
  /** A number as text: the store takes whole numbers only. */
  readonly cost: string
}

const dayMs = 86_400_000

const find = (sql: Statements, account: AccountId, now: number) =>
  sql.one<Row>('SELECT tokens, cost FROM usedToday WHERE account = ? AND day = ?', account, Math.floor(now / dayMs))

export function createUsedTodayRows(sql: Statements, clock: () => number): UsedTodayRows {
  return {
    count(account, before, after) {
      const tokens = after.totalTokens - before.totalTokens
      const cost = (after.cost ?? 0) - (before.cost ?? 0)
      if (tokens <= 0 && cost <= 0) return
      const now = clock()
      const day = Math.floor(now / dayMs)
      sql.run('DELETE FROM usedToday WHERE day <> ?', day)
      const used = find(sql, account, now)
      const sums = [(used?.tokens ?? 0) + tokens, String(roundedCost(Number(used?.cost ?? 0) + cost))]
      sql.run('INSERT OR REPLACE INTO usedToday VALUES (?, ?, ?, ?)', account, day, ...sums)
    },
  }
}

export function createEmbeddedUsedToday({ read, sql }: Database, clock: () => number): UsedToday {
  return {
    async of(account) {
      const now = clock()
      const row = await read(() => find(sql, account, now))
      return { tokens: row?.tokens ?? 0, cost: Number(row?.cost ?? 0), leftMs: dayMs - (now % dayMs) }
    },
  }
}
