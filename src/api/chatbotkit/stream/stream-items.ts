import type { LogEntry } from '../../../channel/channel.ts'
import type { Batch } from '../../../channel/follow.ts'
import type { Position } from '../../../channel/position.ts'
import { formatCursor, parseCursor } from '../../../channel/position.ts'
import type { ChannelEvent } from '../../../conversation/event.ts'
import { badInput } from '../../../kernel/errors.ts'
import type { EventTranslator, WireEvent } from './translate-events.ts'

/** An event for the wire. Continuing after `cursor` yields the next one. */
export interface StreamItem {
  readonly cursor: string
  /** When the engine stored the event, in ms since 1970. */
  readonly at: number
  readonly event: WireEvent
  readonly source: ChannelEvent['type']
}

/** A position among the wire events: after `position`, and after `skip` of the wire events that the next entry becomes. */
export interface StreamPosition {
  readonly position: Position
  readonly skip: number
}

export interface StreamSource {
  readonly batches: AsyncIterable<Batch>
  readonly wire: EventTranslator
  /** The event as the reader may see it; null: the reader may not see it. */
  readonly visible: (event: ChannelEvent) => ChannelEvent | null
  /** Loads all facts of the log, for a reader that starts in the middle. Null for a reader that starts at the beginning. */
  readonly facts: (() => Promise<readonly LogEntry[]>) | null
  /** The reader's position, if it gave one. */
  readonly from: StreamPosition | null
}

/** The events of a channel in the compatible form, each with its cursor. */
export async function* streamItems({
  batches,
  wire,
  visible,
  facts,
  from,
}: StreamSource): AsyncGenerator<StreamItem, void> {
  const told = (event: ChannelEvent) => {
    const seen = visible(event)
    return seen === null ? [] : wire.accept(seen)
  }
  let isFirst = true
  let previous = from?.position ?? null
  for await (const { entries, position } of batches) {
    const [first] = entries
    if (isFirst && facts !== null && first !== undefined) {
      for (const fact of await facts()) if (fact.offset < first.offset) told(fact.event)
    }
    for (const entry of entries) {
      const place: Position = { epoch: position.epoch, offset: entry.offset, tag: entry.tag }
      // Counted, not read, because the reader started in the middle; so its tag is empty.
      const before: Position = previous ?? { epoch: position.epoch, offset: entry.offset - 1, tag: '' }
      const events = told(entry.event)
      for (const [index, event] of events.entries()) {
        if (isFirst && index < (from?.skip ?? 0)) continue
        const isLast = index === events.length - 1
        const cursor = isLast ? formatCursor(place) : `${formatCursor(before)}~${index + 1}`
        yield { cursor, at: entry.at, event, source: entry.event.type }
      }
      isFirst = false
      previous = place
    }
  }
}

/** Parses the cursor of an item. BAD_USER_INPUT for any other text. */
export function parseStreamCursor(text: string): StreamPosition {
  const [cursor = '', skip = '0', ...rest] = text.split('~')
  const position = parseCursor(cursor)
  if (position === null || rest.length > 0 || !/^\d{1,3}$/.test(skip)) {
    throw badInput([{ path: ['Last-Event-ID'], message: 'takes the id of an event of this channel' }])
  }
  return { position, skip: Number(skip) }
}
