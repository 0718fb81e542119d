import type { AccountId } from '../kernel/ids.ts'

/** What an account has going on, and what became of it lately, in all processes. The run store keeps it, so reading it costs the same whatever the account holds. */
export interface Standings {
  of(account: AccountId): Promise<Standing>
}

/** How many runs are in each state: up to `mostCounted`, which means that many or more. */
export interface Standing {
  /** Those that are held, or whose time has not come, included. */
  readonly queued: number
  readonly running: number
  /** For answers to calls. */
  readonly waiting: number
  /** By a limit, until it is raised. */
  readonly paused: number
  /** Since when a queued run could have begun that has not: the longest such time, in ms since 1970; null: there is no such run. */
  readonly oldestQueuedAt: number | null
  /** The current minute, and the 59 before it. */
  readonly lastHour: RecentUse
}

export interface RecentUse {
  readonly tokens: number
  /** Money, as far as prices are known. */
  readonly cost: number
  /** How many runs have failed, by the code of their error. */
  readonly failures: ReadonlyMap<string, number>
}

export const mostCounted = 10_000

/** What was used in a minute since 1970, and how many runs have failed in it. */
export interface RecentMinute {
  readonly minute: number
  readonly tokens: number
  readonly cost: number
  readonly failed: Readonly<Record<string, number>>
}

export const minuteMs = 60_000

/** The sum of those minutes that are of the last hour. */
export function lastHourOf(minutes: readonly RecentMinute[], now: number): RecentUse {
  const current = Math.floor(now / minuteMs)
  const recent = minutes.filter(({ minute }) => minute > current - 60 && minute <= current)
  const failures = new Map<string, number>()
  for (const { failed } of recent) {
    for (const [code, count] of Object.entries(failed)) failures.set(code, (failures.get(code) ?? 0) + count)
  }
  return {
    tokens: recent.reduce((sum, { tokens }) => sum + tokens, 0),
    cost: recent.reduce((sum, { cost }) => sum + cost, 0),
    failures,
  }
}
