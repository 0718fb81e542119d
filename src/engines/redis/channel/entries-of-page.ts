import type { LogEntry } from '../../../channel/channel.ts'
import { decodeEvent } from '../../../channel/entry-codec.ts'
import type { Delta, EventType } from '../../../conversation/event.ts'

/** An entry that `read.lua` found, and the stretches of deltas right before it that it did not read. */
interface Row extends LogEntry {
  readonly stretches: string
}

/** A stretch as `append.lua` tells of it: deltas of one message, one after the other. `last`, `tag` and `at` are the last one's. */
interface Stretch {
  readonly messageId: string
  readonly type: Delta['type']
  readonly position: number
  readonly last: number
  readonly tag: string
  readonly at: number
}

/**
 * The entries of a page that was read after an offset. A stretch becomes one delta, cut out of the message that completes it, which is
 * on the same page. `start` is the position of the first delta where the page begins in the middle of a stretch.
 */
export function entriesOfPage([start = '', ...fields]: readonly string[], after: number): readonly LogEntry[] {
  const rows: Row[] = []
  const texts = new Map<string, string>()
  for (let i = 0; i + 5 < fields.length; i += 6) {
    const [offset, tag = '', at, kind = '', payload = '', stretches = ''] = fields.slice(i, i + 6)
    const event = decodeEvent({ kind: kind as EventType, payload })
    if (event.type === 'message-completed') texts.set(event.message.id, event.message.text)
    rows.push({ offset: Number(offset), tag, at: Number(at), event, stretches })
  }
  const entries: LogEntry[] = []
  for (const { stretches, ...entry } of rows) {
    const said = stretches === '' ? [] : readStretches(stretches)
    for (const [index, { messageId, type, last, tag, at, ...stretch }] of said.entries()) {
      if (last <= after) continue
      const text = texts.get(messageId)
      if (text === undefined) throw new Error(`A page lacks the message ${messageId}.`)
      const position = entries.length === 0 && start !== '' ? Number(start) : stretch.position
      const end = said.slice(index + 1).find((next) => next.messageId === messageId)?.position
      entries.push({ offset: last, tag, at, event: { type, messageId, position, text: text.slice(position, end) } })
    }
    entries.push(entry)
  }
  return entries
}

function readStretches(text: string): readonly Stretch[] {
  const [, ...words] = text.split(' ')
  const stretches: Stretch[] = []
  for (let i = 0; i + 6 < words.length; i += 7) {
    const [messageId = '', type, position, , last, tag = '', at] = words.slice(i, i + 7)
    stretches.push({
      messageId,
      // The scripts tell of stretches of deltas only.
      type: type as Delta['type'],
      position: Number(position),
      last: Number(last),
      tag,
      at: Number(at),
    })
  }
  return stretches
}
