import { type Line, type LinePlace, lineBounds } from '../../../dispatch/line/line.ts'
import type { TranscriptPlace } from '../../../dispatch/line/transcripts.ts'
import type { ChannelId, ConversationKey } from '../../../kernel/ids.ts'
import type { Statements } from '../database/statements.ts'
import type { Transcripts } from '../run/transcripts.ts'

interface LineRow {
  readonly id: number
  readonly createdAt: number
  readonly updatedAt: number
  readonly contactId: string | null
  readonly isClosed: number
  readonly root: string | null
  readonly length: number
  readonly messages: number
  readonly list: number | null
}

interface PlaceRow extends LinePlace {
  readonly id: number
  readonly isShared: number
}

/** A line, and what its rows are called. */
export interface StoredLine extends Line {
  readonly id: number
  readonly list: number | null
  readonly places: readonly PlaceRow[]
}

/** The rows of conversations. All of it is part of a command, or a read. */
export interface LineRows {
  find(key: ConversationKey): StoredLine | null
  /** Made where there is none, without a place. */
  open(key: ConversationKey): StoredLine
  add(line: StoredLine, place: LinePlace, contactId: string | null): void
  takeOut(place: PlaceRow): void
  /** It never had this dispatch. */
  forgetMember(line: StoredLine, channel: ChannelId): void
  /** Where its transcript stands from now on. */
  refer(line: StoredLine, transcript: TranscriptPlace): void
  /** After each change. A line that nothing has ever come of goes. */
  changed(line: StoredLine): void
  /** Forgets the conversation, and its transcript where no log needs it. */
  remove(id: number): void
}

/** What a conversation, a place and a dispatch take in the file, about. */
const [lineBytes, placeBytes, memberBytes] = [300, 150, 80]
export const joinBytes = lineBytes + placeBytes + memberBytes

export function createLineRows(sql: Statements, clock: () => number, transcripts: Transcripts): LineRows {
  const find = (key: ConversationKey): StoredLine | null => {
    const row = sql.one<LineRow>(
      `SELECT line.id AS id, createdAt, updatedAt, contactId, isClosed, root, listLength AS length, listMessages AS messages, list
        FROM line LEFT JOIN list ON list.id = line.list WHERE line.account = ? AND conversation = ?`,
      ...[key.account, key.conversation],
    )
    if (row === null) return null
    const { root, length, messages, isClosed, ...rest } = row
    return {
      ...rest,
      key,
      isClosed: isClosed === 1,
      places: sql.all<PlaceRow>(
        'SELECT id, channel, ticket, joinedAt, wish, upTo, isShared FROM linePlace WHERE line = ? ORDER BY id',
        row.id,
      ),
      transcript: root === null ? null : { root, length, messages },
    }
  }
  const count = (query: string, line: number) => sql.one<{ n: number }>(query, line)?.n ?? 0
  const remove = (id: number) => {
    const list = sql.one<{ list: number | null }>('SELECT list FROM line WHERE id = ?', id)?.list ?? null
    sql.run('DELETE FROM line WHERE id = ?', id)
    sql.run('DELETE FROM linePlace WHERE line = ?', id)
    sql.run('DELETE FROM lineMember WHERE line = ?', id)
    if (list !== null) transcripts.collect(list)
  }

  return {
    find,

    open(key) {
      sql.run(
        `INSERT INTO line (account, conversation, createdAt, updatedAt, bytes) VALUES (?, ?, ?, ?, 0)
          ON CONFLICT DO NOTHING`,
        ...[key.account, key.conversation, clock(), clock()],
      )
      const line = find(key)
      if (line === null) throw new Error('An inserted row is there.')
      return line
    },

    add({ id }, { channel, ticket, joinedAt, wish, upTo }, contactId) {
      sql.run(
        'INSERT INTO linePlace (line, channel, ticket, joinedAt, wish, upTo, isShared) VALUES (?, ?, ?, ?, ?, ?, 0)',
        ...[id, channel, ticket, joinedAt, wish, upTo],
      )
      sql.run('INSERT OR IGNORE INTO lineMember VALUES (?, ?, ?)', id, channel, joinedAt)
      sql.run(
        `DELETE FROM lineMember WHERE line = ? AND channel IN
          (SELECT channel FROM lineMember WHERE line = ? ORDER BY createdAt DESC, channel DESC LIMIT -1 OFFSET ?)`,
        ...[id, id, lineBounds.dispatches],
      )
      if (contactId !== null) sql.run('UPDATE line SET contactId = ? WHERE id = ?', contactId, id)
    },

    takeOut: ({ id }) => void sql.run('DELETE FROM linePlace WHERE id = ?', id),

    forgetMember: ({ id }, channel) =>
      void sql.run('DELETE FROM lineMember WHERE line = ? AND channel = ?', id, channel),

    refer({ id, key, list: before }, { root, length, messages }) {
      const list = transcripts.listOf(key.account, root)
      sql.run('UPDATE line SET list = ?, listLength = ?, listMessages = ? WHERE id = ?', list, length, messages, id)
      if (before !== null && before !== list) transcripts.collect(before)
    },

    changed({ id }) {
      const places = count('SELECT count(*) AS n FROM linePlace WHERE line = ?', id)
      const members = count('SELECT count(*) AS n FROM lineMember WHERE line = ?', id)
      const hasSaid = count('SELECT count(list) AS n FROM line WHERE id = ?', id) > 0
      if (members === 0 && !hasSaid) return remove(id)
      sql.run(
        'UPDATE line SET updatedAt = ?, emptySince = ?, bytes = ? WHERE id = ?',
        ...[clock(), places === 0 ? clock() : null, lineBytes + places * placeBytes + members * memberBytes, id],
      )
    },

    remove,
  }
}
