import { beforeAll, describe, expect, test } from 'vitest'
import { type Batch, createFollower } from '../../src/channel/follow.ts'
import { isDelta } from '../../src/conversation/event-traits.ts'
import { type Engine, engines } from '../conformance/engines.ts'
import { opened } from '../support/lifetime/opened.ts'
import { newKey, startRun } from '../support/run/runs.ts'

const lengthOf = ({ entries }: Batch) =>
  entries.reduce((sum, { event }) => sum + (isDelta(event) ? event.text.length : 0), 0)

/** A batch, and the delta or publication that reaches it. */
const mostHeld = 32 * 1024 + 20_000

describe.each(engines)('what a follower gives at once on %s', (_name, open) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await open()
  })

  test.each([
    ['short', 5],
    ['long', 10_000],
  ])('is small, of what is stored and of what comes: %s deltas', async (_title, characters) => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    const follower = opened(createFollower(engine.log, { headCheckMs: 20, onError: () => {} }))
    const say = async (count: number) => {
      for (let n = 0; n < count; n++) await writer.say('x'.repeat(characters))
    }
    const stored = 400_000 / characters / 20
    await say(stored)
    const reader = follower.follow(key, {})
    const batches: Batch[] = [(await reader.next()).value]
    // It does not read, while others speak: first what its tail holds, then more.
    await say(50)
    let read = lengthOf(batches[0] as Batch)
    while (read < (stored + 50) * characters) {
      const { value } = await reader.next()
      batches.push(value)
      read += lengthOf(value)
    }
    await reader.return?.()
    expect(read).toBe((stored + 50) * characters)
    for (const batch of batches) expect(lengthOf(batch)).toBeLessThan(mostHeld)
  })
})
