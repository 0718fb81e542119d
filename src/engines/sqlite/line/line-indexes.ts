import type { ConversationIndex, DispatchIndex, IndexPlace } from '../../../dispatch/dispatch-index.ts'
import type { ConversationPlace } from '../../../dispatch/line/line.ts'
import type { ConversationKey } from '../../../kernel/ids.ts'
import type { Database } from '../database/group-commit.ts'

export function createEmbeddedMemberIndex({ command, read, sql }: Database): DispatchIndex<ConversationKey> {
  return {
    page: ({ account, conversation }, before, limit) =>
      read(() =>
        sql
          .all<IndexPlace>(
            `SELECT channel, lineMember.createdAt AS createdAt FROM lineMember JOIN line ON line.id = lineMember.line
              WHERE account = ? AND conversation = ? AND (lineMember.createdAt, channel) < (?, ?)
              ORDER BY lineMember.createdAt DESC, channel DESC LIMIT ?`,
            ...[account, conversation, before?.createdAt ?? Number.MAX_SAFE_INTEGER, before?.channel ?? '', limit],
          )
          .map(({ channel, createdAt }) => ({ channel, createdAt })),
      ),
    remove: ({ account, conversation }, places) =>
      command(() => {
        for (const { channel, createdAt } of places) {
          sql.run(
            `DELETE FROM lineMember WHERE channel = ? AND createdAt <= ?
              AND line = (SELECT id FROM line WHERE account = ? AND conversation = ?)
              AND NOT EXISTS (SELECT 1 FROM linePlace AS place WHERE place.line = lineMember.line AND place.channel = lineMember.channel)`,
            ...[channel, createdAt ?? Number.MAX_SAFE_INTEGER, account, conversation],
          )
        }
      }),
  }
}

/** The lines themselves: there is nothing to remove. */
export function createEmbeddedConversationIndex({ read, sql }: Database): ConversationIndex {
  return {
    page: (account, before, limit) =>
      read(() =>
        sql
          .all<ConversationPlace>(
            `SELECT conversation, updatedAt FROM line WHERE account = ? AND (updatedAt, conversation) < (?, ?)
              ORDER BY updatedAt DESC, conversation DESC LIMIT ?`,
            ...[account, before?.updatedAt ?? Number.MAX_SAFE_INTEGER, before?.conversation ?? '', limit],
          )
          .map(({ conversation, updatedAt }) => ({ conversation, updatedAt })),
      ),
    async remove() {},
  }
}
