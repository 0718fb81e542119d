import type { Due, DueList } from '../../../dispatch/schedule/due.ts'
import type { AccountId, ChannelId, ChannelKey } from '../../../kernel/ids.ts'
import type { Database } from '../database/group-commit.ts'
import type { Statements } from '../database/statements.ts'

interface Row {
  readonly account: AccountId
  readonly channel: ChannelId
  readonly at: number
}

/** Part of a command. */
export function bringForward(sql: Statements, { account, channel }: ChannelKey, at: number): void {
  sql.run('INSERT INTO due VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET at = min(at, excluded.at)', account, channel, at)
}

/** After a start: nobody holds the runs that were queued or at work, so each is looked at now. Part of a command. */
export function bringUnfinished(sql: Statements, at: number): void {
  sql.run(
    `INSERT INTO due SELECT account, channel, ? FROM run WHERE finishedAt IS NULL AND status <> 'waiting'
      ON CONFLICT DO UPDATE SET at = min(at, excluded.at)`,
    at,
  )
}

export function createEmbeddedDueList({ command, read, sql }: Database): DueList {
  return {
    bring: (key, at) => command(() => bringForward(sql, key, at)),
    due: (now, limit) =>
      read(() =>
        sql
          .all<Row>('SELECT account, channel, at FROM due WHERE at <= ? ORDER BY at LIMIT ?', now, limit)
          .map(({ account, channel, at }): Due => ({ key: { account, channel }, at })),
      ),
    move: ({ key, at: before }, at) =>
      command(() => {
        const { account, channel } = key
        const moved = sql.run(
          'UPDATE due SET at = ? WHERE account = ? AND channel = ? AND at = ?',
          at,
          account,
          channel,
          before,
        )
        return moved === 1 ? { key, at } : null
      }),
    drop: ({ key: { account, channel }, at }) =>
      command(() => void sql.run('DELETE FROM due WHERE account = ? AND channel = ? AND at = ?', account, channel, at)),
  }
}
