import { roundedCost } from '../../../conversation/price.ts'
import { lastHourOf, mostCounted, type Standings } from '../../../dispatch/standing.ts'
import type { AccountId } from '../../../kernel/ids.ts'
import type { Database } from '../database/group-commit.ts'
import type { RecentRows } from './recent.ts'

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
