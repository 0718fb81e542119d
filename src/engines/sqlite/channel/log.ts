import type { StoredEvent } from '../../../channel/entry-codec.ts'
import { isDeltaType, isEndingType } from '../../../conversation/event-traits.ts'
import type { ChannelKey } from '../../../kernel/ids.ts'
import type { Statements } from '../database/statements.ts'

/** A log's head and sizes, as the database has them. */
export interface LogRow {
  readonly id: number
  readonly epoch: string
  readonly last: number
  readonly tag: string
  readonly facts: number
  readonly factTag: string
  readonly isClosed: number
  readonly isRemoved: number
  readonly entries: number
  readonly size: number
  readonly publishedEntries: number
  readonly publishedSize: number
  readonly list: number | null
  readonly listLength: number | null
  readonly listMessages: number | null
  /** What it takes in the file, about. */
  readonly bytes: number
}

const columns =
  'id, epoch, last, tag, facts, factTag, isClosed, isRemoved, entries, size, publishedEntries, publishedSize, list, listLength, listMessages, bytes'

/** What a log, and each of its entries, takes in the file beside its payload: its tag, kind, time and place, about. */
const logBytes = 250
const entryBytes = 60
/** Pages of the tree are about five sixths full. */
const treeBytesAByte = 1.2

/** What an entry takes in the file, about, by SQLite's file format: of a large row a part is in the tree, the rest has pages of its own. */
function bytesOfEntry(payload: number): number {
  const [pageBytes, most, least] = [4096, 1002, 489]
  const row = payload + entryBytes
  const rest = least + ((row - least) % (pageBytes - 4))
  const inTree = row <= most ? row : rest <= most ? rest : least
  return Math.round(inTree * treeBytesAByte) + Math.ceil((row - inTree) / (pageBytes - 4)) * pageBytes
}

export interface LogAppend {
  readonly tag: string
  readonly events: readonly StoredEvent[]
}

export interface Appended {
  readonly log: LogRow
  /** Of the first new entry. */
  readonly first: number
  readonly previousTag: string
  readonly at: number
}

/** The logs' rows. Everything here is part of a command, or a read. */
export interface Logs {
  find(key: ChannelKey): LogRow | null
  /** Made where the channel has none, without an entry. */
  open(key: ChannelKey, epoch: string): LogRow
  append(log: LogRow, append: LogAppend): Appended
  /** Frees the entries, and the transcript. The head stays, so that readers get CURSOR_EXPIRED. */
  removeEntries(id: number): void
  /** Forgets the channel altogether. */
  forget(id: number): void
}

/** @param release lets go of the log's transcript */
export function createLogs(sql: Statements, clock: () => number, release: (log: number) => void): Logs {
  const discard = (id: number) => {
    sql.run('INSERT OR IGNORE INTO garbage VALUES (?)', id)
    release(id)
  }
  const find = ({ account, channel }: ChannelKey) =>
    sql.one<LogRow>(`SELECT ${columns} FROM log WHERE account = ? AND channel = ?`, account, channel)
  return {
    find,

    open(key, epoch) {
      const known = find(key)
      if (known !== null) return known
      const made = sql.one<LogRow>(
        `INSERT INTO log (account, channel, epoch, last, tag, facts, factTag, isClosed, isRemoved, entries, size,
          publishedEntries, publishedSize, bytes) VALUES (?, ?, ?, 0, '', 0, '', 0, 0, 0, 0, 0, 0, ?) RETURNING ${columns}`,
        key.account,
        key.channel,
        epoch,
        logBytes,
      )
      if (made === null) throw new Error('An inserted row is returned.')
      return made
    },

    append(log, { tag, events }) {
      const at = clock()
      let { last, facts, factTag, isClosed, size, publishedEntries, publishedSize, bytes: held } = log
      for (const { kind, payload } of events) {
        last += 1
        const bytes = Buffer.byteLength(payload)
        size += bytes
        held += bytesOfEntry(bytes)
        const isFact = !isDeltaType(kind)
        if (isFact) {
          facts += 1
          factTag = tag
        }
        if (isEndingType(kind)) isClosed = 1
        if (kind === 'channel-message-published') {
          publishedEntries += 1
          publishedSize += bytes
        }
        sql.run('INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)', log.id, last, kind, payload, tag, at, isFact ? 1 : 0)
      }
      const entries = log.entries + events.length
      sql.run(
        `UPDATE log SET last = ?, tag = ?, facts = ?, factTag = ?, isClosed = ?, entries = ?, size = ?, publishedEntries = ?,
          publishedSize = ?, bytes = ? WHERE id = ?`,
        ...[last, tag, facts, factTag, isClosed, entries, size, publishedEntries, publishedSize],
        held,
        log.id,
      )
      const counts = { entries, size, publishedEntries, publishedSize, bytes: held }
      const after = { ...log, last, tag, facts, factTag, isClosed, ...counts }
      return { log: after, first: log.last + 1, previousTag: log.tag, at }
    },

    removeEntries(id) {
      sql.run(
        `UPDATE log SET isRemoved = 1, facts = 0, entries = 0, size = 0, publishedEntries = 0, publishedSize = 0, bytes = ?
          WHERE id = ?`,
        logBytes,
        id,
      )
      discard(id)
    },

    forget(id) {
      discard(id)
      sql.run('DELETE FROM log WHERE id = ?', id)
    },
  }
}

/** What the run itself has written; what others publish has a share of its own. */
export function ownSize({ entries, size, publishedEntries, publishedSize }: LogRow) {
  return { entries: entries - publishedEntries, bytes: size - publishedSize }
}

/** In bytes. */
export function sizeOf(events: readonly StoredEvent[]): number {
  return events.reduce((sum, { payload }) => sum + Buffer.byteLength(payload), 0)
}
