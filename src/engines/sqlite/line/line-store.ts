import {
  type LineDueList,
  type LineNews,
  type LinePlace,
  type Lines,
  lineBounds,
  lineTimings,
} from '../../../dispatch/line/line.ts'
import type { ConversationId, ConversationKey } from '../../../kernel/ids.ts'
import { createListeners } from '../../../kernel/listeners.ts'
import type { Database } from '../database/group-commit.ts'
import type { Ledger } from '../limits/ledger.ts'
import { bringForwardIn, createDueListIn } from '../schedule/due-list.ts'
import { joinBytes, type LineRows } from './line-rows.ts'

export interface LineParts {
  readonly rows: LineRows
  readonly ledger: Ledger
  readonly clock: () => number
  readonly watchers: LineWatchers
}

/** Those who watch lines, in this process. */
export interface LineWatchers extends LineNews {
  tell(key: ConversationKey): void
}

export function createLineWatchers(): LineWatchers {
  const listeners = createListeners<[]>()
  const nameOf = ({ account, conversation }: ConversationKey) => `${account}/${conversation}`
  return {
    tell: (key) => listeners.tell(nameOf(key)),
    watch: async (key, listener) => listeners.add(nameOf(key), listener),
  }
}

/** The same commands as the scripts of Redis, each all or nothing. */
export function createEmbeddedLines(database: Database, { rows, ledger, clock, watchers }: LineParts): Lines {
  const { command, read, sql } = database
  const changed = (key: ConversationKey, line: Parameters<LineRows['changed']>[0]) => {
    rows.changed(line)
    database.onceKept(() => watchers.tell(key))
  }
  const bringLine = ({ account, conversation }: ConversationKey, at: number) =>
    bringForwardIn(sql, 'lineDue', account, conversation, at)
  /** The line, if this is its first place. */
  const lineOfFirst = (key: ConversationKey, { channel, ticket }: Pick<LinePlace, 'channel' | 'ticket'>) => {
    const line = rows.find(key)
    const [first] = line?.places ?? []
    return line !== null && first?.channel === channel && first.ticket === ticket ? { line, first } : null
  }
  return {
    find: (keys) => read(() => keys.map((key) => rows.find(key))),

    join: (key, { channel, ticket, isRejoin, rejects, wish, upTo, contactId }) =>
      command(() => {
        const before = rows.find(key)
        const known = before?.places.find((place) => place.channel === channel)
        if (known !== undefined) {
          if (known.ticket !== ticket) sql.run('UPDATE linePlace SET isShared = 1 WHERE id = ?', known.id)
          return { outcome: 'joined', ticket: known.ticket, joinedAt: known.joinedAt }
        }
        if (isRejoin && before !== null) {
          const member = sql.one('SELECT 1 FROM lineMember WHERE line = ? AND channel = ?', before.id, channel)
          if (member !== null) return { outcome: 'settled' }
        }
        if (before?.isClosed) return { outcome: 'closed' }
        const count = before?.places.length ?? 0
        if (count > 0 && rejects) return { outcome: 'busy' }
        if (count >= lineBounds.places) return { outcome: 'full' }
        ledger.requireRoom(key.account, joinBytes)
        const joinedAt = clock()
        const line = rows.open(key)
        rows.add(line, { channel, ticket, joinedAt, wish, upTo }, contactId)
        bringLine(key, joinedAt + lineTimings.lookMs)
        changed(key, line)
        return { outcome: 'joined', ticket, joinedAt }
      }),

    leave: (key, { channel, ticket, leastAgeMs, unlessShared, forgets }) =>
      command(() => {
        const line = rows.find(key)
        const place = line?.places.find((each) => each.channel === channel && each.ticket === ticket)
        if (line === null || place === undefined || clock() - place.joinedAt < leastAgeMs) return false
        if (unlessShared && place.isShared === 1) return false
        rows.takeOut(place)
        if (forgets) rows.forgetMember(line, channel)
        changed(key, line)
        return true
      }),

    close: (key) =>
      command(() => {
        const line = rows.find(key)
        if (line === null) return 'absent'
        if (line.places.length > 0) return 'not-ended'
        sql.run('UPDATE line SET isClosed = 1 WHERE id = ?', line.id)
        bringLine(key, clock() + lineTimings.lookMs)
        return 'closed'
      }),

    remove: (key) =>
      command(() => {
        const line = rows.find(key)
        if (!line?.isClosed) return
        rows.remove(line.id)
        sql.run('DELETE FROM lineDue WHERE account = ? AND channel = ?', key.account, key.conversation)
        database.onceKept(() => watchers.tell(key))
      }),

    branch: (key, place, transcript) =>
      command(() => {
        const found = lineOfFirst(key, place)
        if (found === null) return false
        const { line, first } = found
        if (sql.run('UPDATE linePlace SET upTo = NULL WHERE id = ? AND upTo IS NOT NULL', first.id) === 0) return false
        rows.refer(line, transcript)
        changed(key, line)
        return true
      }),

    settle: (key, place, transcript) =>
      command(() => {
        const found = lineOfFirst(key, place)
        if (found === null) return false
        const { line, first } = found
        rows.takeOut(first)
        if (transcript !== null) rows.refer(line, transcript)
        changed(key, line)
        return true
      }),
  }
}

/** As `createEmbeddedDueList`, of conversations. */
export function createEmbeddedLineDueList(database: Database): LineDueList {
  return createDueListIn<ConversationKey>(database, {
    table: 'lineDue',
    toKey: ({ account, channel }) => ({ account, conversation: channel as ConversationId }),
    nameOf: ({ conversation }) => conversation,
  })
}
