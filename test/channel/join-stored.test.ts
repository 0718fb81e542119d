import { expect, test } from 'vitest'
import { decodeEvent, encodeEvent } from '../../src/channel/entry-codec.ts'
import { joinDeltas, longestJoinedDelta } from '../../src/channel/join-deltas.ts'
import { createStoredJoiner } from '../../src/channel/join-stored.ts'
import type { ChannelEvent } from '../../src/conversation/event.ts'
import { noUsage } from '../../src/conversation/usage.ts'
import { createRandom, type Random } from '../faults/random.ts'

const texts = [
  'a ',
  '"',
  '\\',
  'line\nline',
  '\u0000',
  '\u2028',
  '😀',
  'ü',
  '',
  '\\"',
  'x'.repeat(longestJoinedDelta / 3),
]

/** A log of two messages, one named like the beginning of the other, with facts, gaps and other kinds between. */
function eventsOf(random: Random): readonly ChannelEvent[] {
  const positions = new Map<string, number>()
  return Array.from({ length: 60 }, (): ChannelEvent => {
    if (random.chance(0.05)) return { type: 'dispatch-cancelled', reason: null, usage: noUsage }
    const messageId = random.chance(0.9) ? 'message' : 'message2'
    const type = random.chance(0.9) ? 'text-delta' : 'reasoning-delta'
    const text = texts[random.int(texts.length)] ?? ''
    const position = (positions.get(messageId) ?? 0) + (random.chance(0.05) ? 1 : 0)
    positions.set(messageId, position + text.length)
    return { type, messageId, position, text }
  })
}

const places = (events: readonly ChannelEvent[]) =>
  events.map((event, at) => ({ offset: at + 1, tag: `tag${at}`, at, event }))

test('stored deltas are joined exactly as parsed ones are', () => {
  let joins = 0
  for (let seed = 1; seed <= 300; seed++) {
    const entries = places(eventsOf(createRandom(seed)))
    const rows = entries.map(({ event, ...place }) => ({ ...place, ...encodeEvent(event) }))
    const joiner = createStoredJoiner<(typeof rows)[number]>()
    const bytes = rows.reduce((sum, row) => sum + joiner.add(row), 0)
    const result = joiner.rows()
    expect(bytes).toBe(result.reduce((sum, { payload }) => sum + payload.length, 0))
    const joined = result.map(({ kind, payload, ...place }) => ({ ...place, event: decodeEvent({ kind, payload }) }))
    expect(joined, `seed ${seed}`).toEqual(joinDeltas(entries))
    joins += entries.length - joined.length
  }
  expect(joins).toBeGreaterThan(3000)
})
