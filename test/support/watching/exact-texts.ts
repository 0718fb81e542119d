import { expect } from 'vitest'
import type { ChannelEvent } from '../../../examples/stock/reducer.ts'

/** The deltas of each message joined; throws where one does not go on exactly where the last one ended. */
export function exactTexts(events: readonly ChannelEvent[]): Map<string, string> {
  const texts = new Map<string, string>()
  for (const event of events) {
    if (event.__typename === 'MessageDiscarded') texts.delete(event.messageId)
    if (!('position' in event)) continue
    const text = texts.get(event.messageId) ?? ''
    expect(event.position).toBe(text.length)
    texts.set(event.messageId, text + event.text)
  }
  return texts
}
