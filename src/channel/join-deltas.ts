import type { Delta } from '../conversation/event.ts'
import { isDelta } from '../conversation/event-traits.ts'
import type { LogEntry } from './channel.ts'

/** Long enough for a big step, short enough for one message on a socket. UTF-16 code units. */
export const longestJoinedDelta = 16_384

/**
 * Joins adjacent deltas of one message. Each result has the place and time of its last part. The entries must be contiguous.
 * Never joins across a fact.
 */
export function joinDeltas(entries: readonly LogEntry[]): readonly LogEntry[] {
  const joined: LogEntry[] = []
  let open: { first: Delta; parts: string[]; length: number; end: LogEntry } | null = null

  const close = () => {
    if (open === null) return
    const { first, parts, end } = open
    joined.push(parts.length === 1 ? end : { ...end, event: { ...first, text: parts.join('') } })
    open = null
  }
  for (const entry of entries) {
    const { event } = entry
    if (!isDelta(event)) {
      close()
      joined.push(entry)
    } else if (open !== null && goesOn(open, event)) {
      open.parts.push(event.text)
      open.length += event.text.length
      open.end = entry
    } else {
      close()
      open = { first: event, parts: [event.text], length: event.text.length, end: entry }
    }
  }
  close()
  return joined
}

function goesOn(open: { first: Delta; length: number }, next: Delta): boolean {
  if (open.length + next.text.length > longestJoinedDelta) return false
  return (
    next.type === open.first.type &&
    next.messageId === open.first.messageId &&
    next.position === open.first.position + open.length
  )
}
