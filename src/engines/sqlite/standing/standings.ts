import { roundedCost } from '../../../conversation/price.ts'
import { lastHourOf, mostCounted, type Standings } from '../../../dispatch/standing.ts'
import type { AccountId } from '../../../kernel/ids.ts'
import type { Parked } from '../../../kernel/news.ts'
import type { Database } from '../database/group-commit.ts'
import type { Statements } from '../database/statements.ts'
import type { RecentRows } from './recent.ts'

/** All runs that are parked, whosever they are: no more than `mostParked` entries of the index `parked` are looked at. */
export function countParked(sql: Statements): Parked {
  const count = (isWaiting: 0 | 1) =>
    sql.one<{ count: number }>(
      `SELECT count(*) AS count FROM (SELECT 1 FROM run INDEXED BY parked
        WHERE status = 'waiting' AND isHeld = 0 AND finishedAt IS NULL AND (paused IS NULL) = ? LIMIT ?)`,
      ...[isWaiting, mostParked],
    )?.count ?? 0
  return { waiting: count(1), paused: count(0) }
}

/** So many take 5 ms, at each scrape. */
const mostParked = 100_000

/** Looks at no more entries of the index `standing` than are counted. */
export function createEmbeddedStandings(
  { read, sql }: Database,
  recent: Pick<RecentRows, 'of'>,
  clock: () => number,
): Standings {
  const count = (account: AccountId, state: string) =>
    sql.one<{ count: number }>(
      `SELECT count(*) AS count FROM (SELECT 1 FROM run WHERE account = ? AND finishedAt IS NULL AND ${state} LIMIT ?)`,
      ...[account, mostCounted],
    )?.count ?? 0
  return {
    of: (account) =>
      read(() => {
        const now = clock()
        const oldest = sql.one<{ since: number }>(
          `SELECT since FROM run WHERE account = ? AND finishedAt IS NULL AND status = 'queued' AND isHeld = 0
            AND (paused IS NULL) = 1 AND since <= ? ORDER BY since LIMIT 1`,
          ...[account, now],
        )
        const lastHour = lastHourOf(recent.of(account), now)
        return {
          queued: count(account, "status = 'queued'"),
          running: count(account, "status = 'running'"),
          waiting: count(account, "status = 'waiting' AND isHeld = 0 AND (paused IS NULL) = 1"),
          paused: count(account, "status = 'waiting' AND isHeld = 0 AND (paused IS NULL) = 0"),
          oldestQueuedAt: oldest?.since ?? null,
          lastHour: { ...lastHour, cost: roundedCost(lastHour.cost) },
        }
      }),
  }
}
