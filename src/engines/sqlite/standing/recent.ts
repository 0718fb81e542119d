import { roundedCost } from '../../../conversation/price.ts'
import type { Usage } from '../../../conversation/usage.ts'
import { minuteMs, type RecentMinute } from '../../../dispatch/standing.ts'
import type { AccountId } from '../../../kernel/ids.ts'
import { parseJson, stringifyJson } from '../../../kernel/json.ts'
import type { Statements } from '../database/statements.ts'

/** What each account has used lately, and how many of its runs have failed: the table `recent`, with a row for each minute in which there was any. */
export interface RecentRows {
  /** Part of a command: counts what a run's usage grows by, where it is stored. */
  countUsage(account: AccountId, before: Usage, after: Usage): void
  /** Part of the command that ends a run. */
  countFailure(account: AccountId, code: string): void
  /** At most an hour of them. */
  of(account: AccountId): readonly RecentMinute[]
}

interface Row {
  readonly minute: number
  readonly tokens: number
  /** A number as text: the store takes whole numbers only. */
  readonly cost: string
  readonly failed: string
}

export function createRecentRows(sql: Statements, clock: () => number): RecentRows {
  const change = (account: AccountId, add: (minute: RecentMinute) => RecentMinute) => {
    const minute = Math.floor(clock() / minuteMs)
    sql.run('DELETE FROM recent WHERE minute < ?', minute - 60)
    const row = sql.one<Row>(`SELECT ${columns} FROM recent WHERE account = ? AND minute = ?`, account, minute)
    const { tokens, cost, failed } = add(row === null ? { minute, tokens: 0, cost: 0, failed: {} } : decode(row))
    const values = [minute, tokens, String(roundedCost(cost)), stringifyJson(failed)]
    sql.run('INSERT OR REPLACE INTO recent VALUES (?, ?, ?, ?, ?)', account, ...values)
  }
  return {
    countUsage(account, before, after) {
      const tokens = after.totalTokens - before.totalTokens
      const cost = (after.cost ?? 0) - (before.cost ?? 0)
      if (tokens <= 0 && cost <= 0) return
      change(account, (minute) => ({ ...minute, tokens: minute.tokens + tokens, cost: minute.cost + cost }))
    },
    countFailure(account, code) {
      change(account, (minute) => ({ ...minute, failed: { ...minute.failed, [code]: (minute.failed[code] ?? 0) + 1 } }))
    },
    of: (account) => sql.all<Row>(`SELECT ${columns} FROM recent WHERE account = ?`, account).map(decode),
  }
}

const columns = 'minute, tokens, cost, failed'

function decode({ minute, tokens, cost, failed }: Row): RecentMinute {
  // `change` wrote it.
  return { minute, tokens, cost: Number(cost), failed: parseJson(failed) as RecentMinute['failed'] }
}
