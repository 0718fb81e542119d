import type { ChannelLog, Head, LogEntry, LogPage, PageLimits, WatchSignal } from '../../../channel/channel.ts'
import { decodeEvent, type StoredEvent } from '../../../channel/entry-codec.ts'
import { createStoredJoiner } from '../../../channel/join-stored.ts'
import { cursorExpired, type Position } from '../../../channel/position.ts'
import type { EventType } from '../../../conversation/event.ts'
import { type AccountId, type ChannelKey, nameOf } from '../../../kernel/ids.ts'
import { createListeners } from '../../../kernel/listeners.ts'
import { refersTo } from '../../transcript.ts'
import type { Database } from '../database/group-commit.ts'
import type { Transcripts } from '../run/transcripts.ts'
import type { LogAppend, LogRow, Logs } from './log.ts'

interface EntryRow extends StoredEvent {
  readonly offset: number
  readonly tag: string
  readonly at: number
}

type EntryList = readonly [offset: number, kind: EventType, payload: string, tag: string, at: number]

/** Larger publications carry offsets only, as those of Redis: their readers read. Bytes of payload. */
const largestPublication = 65_536

/** The logs as the other parts of the engine use them; `log` is how anybody reads them. */
export interface Channels {
  /** @param database by which it reads: a patient one waits while the store is away */
  reads(database: Database): ChannelLog
  /** Part of a command. Watchers are told once it is kept. */
  append(key: ChannelKey, log: LogRow, append: LogAppend): LogRow
  /** Part of a command: once it is kept, whoever watches the channel reads it again. */
  interrupt(key: ChannelKey): void
  /** The facts with their positions, oldest first. Empty once the log has been removed. */
  facts(key: ChannelKey): readonly LogEntry[]
}

/** How many rows are read at once: a page ends by bytes as well, and rows may be large. */
const rowsAtOnce = 500

export function createChannels(database: Database, logs: Logs, transcripts: Transcripts): Channels {
  const { sql } = database
  const listeners = createListeners<[signal: WatchSignal]>()

  /** An entry as its readers know it. */
  const toEntry = (account: AccountId, { offset, tag, at, kind, payload }: EntryRow): LogEntry => {
    const event = decodeEvent({ kind, payload })
    return { offset, tag, at, event: refersTo(event) === null ? event : transcripts.expand(account, event) }
  }
  const read = (key: ChannelKey, from: Position | null, limits: PageLimits): LogPage | null => {
    const log = logs.find(key)
    if (log === null || log.last === 0) {
      if (from !== null) throw cursorExpired('absent')
      return null
    }
    const after = requirePosition(log, from)
    const page = createStoredJoiner<EntryRow>()
    const end = Math.min(log.last, after + (limits.maxEntries ?? Number.POSITIVE_INFINITY))
    for (let next = after, bytes = 0; next < end && bytes < limits.maxBytes; ) {
      const rows = sql.lists<EntryList>(
        'SELECT offset, kind, payload, tag, at FROM entry WHERE log = ? AND offset > ? ORDER BY offset LIMIT ?',
        log.id,
        next,
        Math.min(rowsAtOnce, end - next),
      )
      if (rows.length === 0) throw new Error(`The log has no entry after ${next}, though its head says so.`)
      for (const [offset, kind, payload, tag, at] of rows) {
        bytes += page.add({ offset, kind, payload, tag, at })
        if (bytes >= limits.maxBytes) break
      }
      next += rows.length
    }
    return { ...toHead(log), entries: page.rows().map((row) => toEntry(key.account, row)) }
  }
  /** The offset after which to read. Throws CURSOR_EXPIRED where the log does not continue from there. */
  const requirePosition = (log: LogRow, from: Position | null): number => {
    if (from !== null && from.epoch !== log.epoch) throw cursorExpired('epoch')
    const offset = from?.offset ?? 0
    if (offset > log.last) throw cursorExpired('beyond')
    if (log.isRemoved === 1) throw cursorExpired('removed')
    if (from !== null && offset > 0 && from.tag !== '') {
      const entry = sql.one<EntryRow>('SELECT tag FROM entry WHERE log = ? AND offset = ?', log.id, offset)
      if (entry?.tag !== from.tag) throw cursorExpired('tag')
    }
    return offset
  }

  return {
    append(key, log, { tag, events }) {
      const appended = logs.append(log, { tag, events })
      const { first, previousTag, at } = appended
      const { epoch, last, size } = appended.log
      const name = nameOf(key)
      if (listeners.has(name)) {
        const isLarge = size - log.size > largestPublication
        const entries = events.map((event, index) => toEntry(key.account, { ...event, offset: first + index, tag, at }))
        const signal = { epoch, previousTag, first, last, tag, entries: isLarge ? null : entries }
        database.onceKept(() => listeners.tell(name, signal))
      }
      return appended.log
    },

    interrupt(key) {
      const name = nameOf(key)
      database.onceKept(() => listeners.tell(name, 'interrupted'))
    },

    facts(key) {
      const log = logs.find(key)
      if (log === null || log.isRemoved === 1) return []
      const rows = sql.all<EntryRow>(
        'SELECT offset, kind, payload, tag, at FROM entry WHERE log = ? AND isFact = 1 ORDER BY offset',
        log.id,
      )
      return rows.map((row) => toEntry(key.account, row))
    },

    reads: (by) => ({
      heads: (keys) =>
        by.read(() =>
          keys.map((key) => {
            const log = logs.find(key)
            return log === null || log.last === 0 ? null : toHead(log)
          }),
        ),
      read: (key, from, limits) => by.read(() => read(key, from, limits)),
      watch: async (key, listener) => listeners.add(nameOf(key), listener),
    }),
  }
}

function toHead({ epoch, last, tag, isClosed }: LogRow): Head {
  return { epoch, last, lastTag: tag, isClosed: isClosed === 1 }
}
