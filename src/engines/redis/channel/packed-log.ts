import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { LogEntry } from '../../../channel/channel.ts'
import { decodeEvent, type StoredEvent } from '../../../channel/entry-codec.ts'
import type { EventType } from '../../../conversation/event.ts'
import { isDeltaType } from '../../../conversation/event-traits.ts'

/** An entry of a log, as Redis stores it. */
export interface LogRow extends StoredEvent {
  readonly offset: number
  readonly tag: string
  /** ms */
  readonly at: number
}

export interface PackedLog {
  readonly epoch: string
  /** All entries, from offset 1. */
  readonly rows: readonly LogRow[]
}

/** The form of a packed log. A number 0 instead of a kind: the entry goes on with the delta before it, and its payload is the text alone. */
type Columns = readonly [
  epoch: string,
  kinds: readonly (EventType | 0)[],
  payloads: readonly string[],
  tags: readonly string[],
  /** The first, and then by how much each is later than the one before. */
  times: readonly number[],
]

/** More than any log that is packed takes, so that a damaged one cannot fill the memory. Bytes. */
const mostUnpacked = 16_000_000

/**
 * All entries of a log that has ended in one compressed value: streams take a block of 4 KB each before they are full, and each
 * delta repeats its message and position. @param rows from offset 1, without gaps
 */
export function packLog({ epoch, rows }: PackedLog): Buffer {
  const kinds: (EventType | 0)[] = []
  const payloads: string[] = []
  let [expected, before] = ['', '']
  for (const { kind, payload } of rows) {
    const goesOn = expected !== '' && kind === before && payload.startsWith(expected)
    before = kind
    kinds.push(goesOn ? 0 : kind)
    payloads.push(goesOn ? payload.slice(expected.length) : payload)
    expected = isDeltaType(kind) ? placeAfter(payload) : ''
  }
  const times = rows.map(({ at }, index) => at - (rows[index - 1]?.at ?? 0))
  const columns: Columns = [epoch, kinds, payloads, rows.map(({ tag }) => tag), times]
  return deflateRawSync(JSON.stringify(columns))
}

export function unpackLog(packed: Buffer): PackedLog {
  const text = inflateRawSync(packed, { maxOutputLength: mostUnpacked }).toString()
  const [epoch, kinds, payloads, tags, times] = JSON.parse(text) as Columns
  let kind: EventType = 'dispatch-queued'
  let expected = ''
  let at = 0
  const rows = kinds.map((known, index): LogRow => {
    const goesOn = known === 0
    if (!goesOn) kind = known
    const payload = `${goesOn ? expected : ''}${payloads[index]}`
    expected = isDeltaType(kind) ? placeAfter(payload) : ''
    at += times[index] ?? 0
    return { offset: index + 1, kind, payload, tag: tags[index] ?? '', at }
  })
  return { epoch, rows }
}

/** How the payload of the next delta of the same message begins. */
function placeAfter(payload: string): string {
  const idEnd = payload.indexOf(' ') + 1
  const quoteAt = payload.indexOf('"', idEnd)
  const text = payload.slice(quoteAt)
  const length = text.includes('\\') ? (JSON.parse(text) as string).length : text.length - 2
  return `${payload.slice(0, idEnd)}${Number(payload.slice(idEnd, quoteAt)) + length} `
}

export function entryOf({ offset, tag, at, kind, payload }: LogRow): LogEntry {
  return { offset, tag, at, event: decodeEvent({ kind, payload }) }
}
