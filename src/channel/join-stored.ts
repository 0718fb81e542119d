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

/**
 * Joins adjacent deltas of one message as `joinDeltas` does, in the form in which an engine stores them: without parsing
 * their JSON. Each result is its last row with the joined payload. The rows must be contiguous.
 */
export function joinStored<Row extends StoredEvent>(rows: readonly Row[]): readonly Row[] {
  const joined: Row[] = []
  let open: Open<Row> | null = null

  const close = () => {
    if (open === null) return
    const { first, last, parts } = open
    // The payload of the first ends with a quote.
    joined.push(parts.length === 0 ? last : { ...last, payload: `${first.payload.slice(0, -1)}${parts.join('')}"` })
    open = null
  }
  for (const row of rows) {
    if (!isDeltaType(row.kind)) {
      close()
      joined.push(row)
      continue
    }
    const { payload } = row
    const known: string | undefined = open?.prefix
    const prefix: string =
      known !== undefined && payload.startsWith(known) ? known : payload.slice(0, payload.indexOf(' ') + 1)
    const quoteAt = payload.indexOf('"', prefix.length)
    const position = Number(payload.slice(prefix.length, quoteAt))
    const raw = payload.slice(quoteAt + 1, -1)
    const length = raw.includes('\\') ? (parseJson(payload.slice(quoteAt)) as string).length : raw.length
    if (
      open !== null &&
      open.prefix === prefix &&
      open.first.kind === row.kind &&
      open.position === position &&
      open.length + length <= longestJoinedDelta
    ) {
      open.parts.push(raw)
      open.last = row
    } else {
      close()
      open = { prefix, first: row, last: row, parts: [], position, length: 0 }
    }
    open.position += length
    open.length += length
  }
  close()
  return joined
}
