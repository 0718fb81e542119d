import type { DispatchIndex, IndexPlace } from '../../../dispatch/dispatch-index.ts'
import type { Database } from '../database/group-commit.ts'

/** The runs themselves: a place that has been removed is a run that is not listed. */
export function createEmbeddedDispatchIndex({ command, read, sql }: Database): DispatchIndex {
  return {
    page: (account, before, limit) =>
      read(() =>
        sql
          .all<IndexPlace>(
            `SELECT channel, createdAt FROM run WHERE account = ? AND isListed = 1 AND (createdAt, channel) < (?, ?)
              ORDER BY createdAt DESC, channel DESC LIMIT ?`,
            ...[account, before?.createdAt ?? Number.MAX_SAFE_INTEGER, before?.channel ?? '', limit],
          )
          .map(({ channel, createdAt }) => ({ channel, createdAt })),
      ),
    remove: (account, places) =>
      command(() => {
        for (const { channel, createdAt } of places) {
          sql.run(
            `UPDATE run SET isListed = 0 WHERE createdAt <= ?
              AND id = (SELECT id FROM log WHERE account = ? AND channel = ?)`,
            ...[createdAt ?? Number.MAX_SAFE_INTEGER, account, channel],
          )
        }
      }),
  }
}
