import { isDeltaType } from '../conversation/event-traits.ts'
import { parseJson } from '../kernel/json.ts'
import type { StoredEvent } from './entry-codec.ts'
import { longestJoinedDelta } from './join-deltas.ts'

interface Open<Row> {
  /** `<message id> `, with which the payloads of the same message begin. */
  readonly prefix: string
  readonly first: Row
  last: Row
  /** What goes between the quotes of the joined JSON string. */
  readonly parts: string[]
  /** Where the next delta begins, and how much is joined so far. UTF-16 code units of the text. */
  position: number
  length: number
}

/** Joins adjacent deltas of one message as `joinDeltas` does, in the form in which an engine stores them, without parsing their JSON. */
export interface StoredJoiner<Row extends StoredEvent> {
  /** Takes the next row of a log. Returns by how much the payloads of the result grow. UTF-16 code units. */
  add(row: Row): number
  /** Each is the last row of those that it joins, with the joined payload. */
  rows(): readonly Row[]
}

export function createStoredJoiner<Row extends StoredEvent>(): StoredJoiner<Row> {
  const joined: Row[] = []
  let open: Open<Row> | null = null

  const close = () => {
    if (open === null) return
    const { first, last, parts } = open
    // The payload of the first ends with a quote.
    joined.push(parts.length === 0 ? last : { ...last, payload: `${first.payload.slice(0, -1)}${parts.join('')}"` })
    open = null
  }
  return {
    add(row) {
      const { kind, payload } = row
      if (!isDeltaType(kind)) {
        close()
        joined.push(row)
        return payload.length
      }
      const known = open?.prefix
      const prefix =
        known !== undefined && payload.startsWith(known) ? known : payload.slice(0, payload.indexOf(' ') + 1)
      const quoteAt = payload.indexOf('"', prefix.length)
      const position = Number(payload.slice(prefix.length, quoteAt))
      const raw = payload.slice(quoteAt + 1, -1)
      const length = raw.includes('\\') ? (parseJson(payload.slice(quoteAt)) as string).length : raw.length
      if (
        open !== null &&
        open.prefix === prefix &&
        open.first.kind === kind &&
        open.position === position &&
        open.length + length <= longestJoinedDelta
      ) {
        open.parts.push(raw)
        open.last = row
        open.position += length
        open.length += length
        return raw.length
      }
      close()
      open = { prefix, first: row, last: row, parts: [], position: position + length, length }
      return payload.length
    },

    rows() {
      close()
      return joined
    },
  }
}
