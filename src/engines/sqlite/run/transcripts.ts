import type { ChannelEvent } from '../../../conversation/event.ts'
import type { TranscriptPlace } from '../../../dispatch/line/transcripts.ts'
import type { NewRun } from '../../../dispatch/run-store.ts'
import type { AccountId, ChannelKey } from '../../../kernel/ids.ts'
import { type NewSegment, parseSegment, refersTo, segmentsFor, withTranscript } from '../../transcript.ts'
import type { Statements } from '../database/statements.ts'

/** Where a new run's transcript will stand, and what that costs. */
export interface Placement {
  readonly place: TranscriptPlace
  /** Of the transcript. */
  readonly bytes: number
  /** By how much the list grows. */
  readonly growth: number
  /** Must be called before anything else changes. */
  commit(log: number): void
}

/** All of it is part of a command, or a read. */
export interface Transcripts {
  /** Null: the run continues nothing. */
  placeFor(key: ChannelKey, input: NewRun): Placement | null
  /** The event as its readers know it. */
  expand(account: AccountId, event: ChannelEvent): ChannelEvent
  /** The run's log has been removed, so it needs its transcript no more. The last that needs it takes it along. */
  release(log: number): void
  /** The run whose log this is begins with this transcript. */
  refer(key: ChannelKey, log: number, place: TranscriptPlace): void
  /** The number of a list; null: there is none by that name. */
  listOf(account: AccountId, root: string): number | null
  /** The texts of the first segments; null: some are not there. */
  texts(account: AccountId, place: TranscriptPlace): readonly string[] | null
  /** How long those texts are together, without reading them; null: some are not there. */
  bytes(account: AccountId, place: TranscriptPlace): number | null
  /** False: another segment has that place, or one before it is not there. */
  extend(account: AccountId, segment: NewSegment): boolean
  /** Removes the list if nothing refers to it. */
  collect(list: number): void
}

interface SegmentRow {
  readonly origin: string
  readonly text: string
}

interface Sizes {
  readonly segments: number
  readonly bytes: number
}

const referring = 'UPDATE log SET list = ?, listLength = ?, listMessages = ? WHERE id = ?'

export function createTranscripts(sql: Statements): Transcripts {
  const listOf = (account: AccountId, root: string) =>
    sql.one<{ id: number }>('SELECT id FROM list WHERE account = ? AND root = ?', account, root)?.id ?? null
  const segmentsOf = (list: number, length: number) =>
    sql.all<SegmentRow>('SELECT origin, text FROM segment WHERE list = ? AND place <= ? ORDER BY place', list, length)
  /** Of the first segments. SQLite knows the length of a text without reading it. */
  const sizesOf = (list: number | null, length: number): Sizes => {
    const query =
      'SELECT count(*) AS segments, total(octet_length(text)) AS bytes FROM segment WHERE list = ? AND place <= ?'
    return (list === null ? null : sql.one<Sizes>(query, list, length)) ?? { segments: 0, bytes: 0 }
  }
  const isFrom = (list: number | null, at: number, origin: string) =>
    list !== null &&
    sql.one('SELECT 1 FROM segment WHERE list = ? AND place = ? AND origin = ?', list, at, origin) !== null
  /** One that was removed, and is sent again under its id, says other words. */
  const isThere = (list: number | null, at: number, { origin, text }: SegmentRow) =>
    isFrom(list, at, origin) &&
    sql.one('SELECT 1 FROM segment WHERE list = ? AND place = ? AND text = ?', list, at, text) !== null
  const newList = (account: AccountId, root: string): number => {
    const made = sql.one<{ id: number }>(
      'INSERT INTO list (account, root, bytes) VALUES (?, ?, 0) RETURNING id',
      account,
      root,
    )
    if (made === null) throw new Error('An inserted row is returned.')
    return made.id
  }
  const add = (list: number, at: number, { origin, text }: SegmentRow) => {
    sql.run('INSERT INTO segment VALUES (?, ?, ?, ?)', list, at, origin, text)
    sql.run('UPDATE list SET bytes = bytes + ? WHERE id = ?', Buffer.byteLength(text), list)
  }
  const collect = (list: number) => {
    if (sql.one('SELECT 1 FROM log WHERE list = ? LIMIT 1', list) !== null) return
    if (sql.one('SELECT 1 FROM line WHERE list = ? LIMIT 1', list) !== null) return
    sql.run('DELETE FROM segment WHERE list = ?', list)
    sql.run('DELETE FROM list WHERE id = ?', list)
  }
  const placeOf = ({ account, channel }: ChannelKey): TranscriptPlace | null =>
    sql.one<TranscriptPlace>(
      `SELECT list.root AS root, log.listLength AS length, log.listMessages AS messages
        FROM log JOIN list ON list.id = log.list WHERE log.account = ? AND log.channel = ?`,
      account,
      channel,
    )
  /** Null: another dispatch's segment has that place. */
  const placement = ({ account }: ChannelKey, { origin, text, place }: NewSegment): Placement | null => {
    const known = listOf(account, place.root)
    const { segments, bytes } = sizesOf(known, place.length)
    const grows = segments === place.length - 1
    if (!grows && !isFrom(known, place.length, origin)) return null
    const growth = grows ? Buffer.byteLength(text) : 0
    return {
      place,
      growth,
      bytes: bytes + growth,
      commit(log) {
        const list = known ?? newList(account, place.root)
        if (grows) add(list, place.length, { origin, text })
        sql.run(referring, list, place.length, place.messages, log)
      },
    }
  }

  return {
    placeFor(key, input) {
      if (input.continues === undefined) return null
      const before = placeOf({ account: key.account, channel: input.continues.channel })
      for (const segment of segmentsFor(input, before)) {
        const fitting = placement(key, segment)
        if (fitting !== null) return fitting
      }
      throw new Error('A transcript of its own always fits.')
    },

    expand(account, event) {
      const transcript = refersTo(event)
      if (transcript === null) return event
      const list = listOf(account, transcript.root)
      if (list === null) throw new Error('A transcript is kept as long as a log refers to it.')
      return withTranscript(
        event,
        segmentsOf(list, transcript.length).map(({ text }) => parseSegment(text)),
      )
    },

    release(log) {
      const list = sql.one<{ list: number | null }>('SELECT list FROM log WHERE id = ?', log)?.list ?? null
      if (list === null) return
      sql.run('UPDATE log SET list = NULL WHERE id = ?', log)
      collect(list)
    },

    refer({ account }, log, { root, length, messages }) {
      sql.run(referring, listOf(account, root), length, messages, log)
    },

    listOf,

    texts(account, { root, length }) {
      const list = listOf(account, root)
      const texts = list === null ? [] : segmentsOf(list, length).map(({ text }) => text)
      return texts.length === length ? texts : null
    },

    bytes(account, { root, length }) {
      const { segments, bytes } = sizesOf(listOf(account, root), length)
      return segments === length ? bytes : null
    },

    extend(account, { origin, text, place }) {
      const known = listOf(account, place.root)
      if (sizesOf(known, place.length).segments !== place.length - 1)
        return isThere(known, place.length, { origin, text })
      add(known ?? newList(account, place.root), place.length, { origin, text })
      return true
    },

    collect,
  }
}
