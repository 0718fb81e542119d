import type { Due, DueList } from '../../../dispatch/schedule/due.ts'
import type { AccountId, ChannelId, ChannelKey } from '../../../kernel/ids.ts'
import type { Database } from '../database/group-commit.ts'
import type { Statements } from '../database/statements.ts'

interface Row {
  readonly account: AccountId
  readonly channel: string
  readonly at: number
}

/** Part of a command. */
export function bringForward(sql: Statements, { account, channel }: ChannelKey, at: number): void {
  bringForwardIn(sql, 'due', account, channel, at)
}

/** The same, of whatever a table names within an account. */
export function bringForwardIn(
  sql: Statements,
  table: DueTableName,
  account: AccountId,
  name: string,
  at: number,
): void {
  sql.run(
    `INSERT INTO ${table} VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET at = min(at, excluded.at)`,
    ...[account, name, at],
  )
}

type DueTableName = 'due' | 'lineDue'

/** After a start: nobody holds the runs that were queued or at work, so each is looked at now. Part of a command. */
export function bringUnfinished(sql: Statements, at: number): void {
  sql.run(
    `INSERT INTO due SELECT account, channel, ? FROM run WHERE finishedAt IS NULL AND status <> 'waiting'
      ON CONFLICT DO UPDATE SET at = min(at, excluded.at)`,
    at,
  )
}

export function createEmbeddedDueList(database: Database): DueList {
  return createDueListIn<ChannelKey>(database, {
    table: 'due',
    toKey: ({ account, channel }) => ({ account, channel: channel as ChannelId }),
    nameOf: ({ channel }) => channel,
  })
}

interface DueTable<Key> {
  readonly table: DueTableName
  readonly toKey: (row: Row) => Key
  /** What the key names within its account. */
  readonly nameOf: (key: Key) => string
}

export function createDueListIn<Key extends { readonly account: AccountId }>(
  { command, read, sql }: Database,
  { table, toKey, nameOf }: DueTable<Key>,
): DueList<Key> {
  return {
    bring: (key, at) => command(() => bringForwardIn(sql, table, key.account, nameOf(key), at)),
    due: (now, limit) =>
      read(() =>
        sql
          .all<Row>(`SELECT account, channel, at FROM ${table} WHERE at <= ? ORDER BY at LIMIT ?`, now, limit)
          .map((row): Due<Key> => ({ key: toKey(row), at: row.at })),
      ),
    move: ({ key, at: before }, at) =>
      command(() => {
        const moved = sql.run(
          `UPDATE ${table} SET at = ? WHERE account = ? AND channel = ? AND at = ?`,
          ...[at, key.account, nameOf(key), before],
        )
        return moved === 1 ? { key, at } : null
      }),
    drop: ({ key, at }) =>
      command(
        () =>
          void sql.run(
            `DELETE FROM ${table} WHERE account = ? AND channel = ? AND at = ?`,
            ...[key.account, nameOf(key), at],
          ),
      ),
  }
}
