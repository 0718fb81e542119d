import { expect, test } from 'vitest'
import { createFollower } from '../../src/channel/follow.ts'
import { watchConversation } from '../../src/dispatch/line/watch-conversation.ts'
import { openEngine } from '../conformance/engines.ts'
import { createTalk } from '../support/run/conversations.ts'

// Seed 2610 of the simulation: the view waited for a dispatch that never came, and its watcher for the view.
test('who watches a conversation hears of its line, although the first dispatch is removed while it begins to be read', async () => {
  const engine = await openEngine({ DATA_DIR: 'memory' })
  const talk = createTalk(engine)
  const first = await talk.say('U1')
  await talk.claim(first)
  await talk.finish(first, 'A1')
  const removed = Promise.withResolvers<void>()
  let looks = 0
  const find: typeof engine.runs.find = async (keys) => {
    looks += 1
    const isWhoLooks = looks === 2
    // What reads the dispatch is slower than whoever looks whether it is there.
    if (!isWhoLooks) await removed.promise
    const found = await engine.runs.find(keys)
    if (isWhoLooks) {
      await engine.runs.remove(first.key)
      removed.resolve()
    }
    return found
  }
  let tellOfLine = () => {}
  const watch = async (_key: unknown, listener: () => void) => {
    tellOfLine = listener
    return () => {}
  }
  const following = {
    ...{ log: engine.log, runs: { find, facts: engine.runs.facts } },
    lines: { find: engine.lines.find, watch },
  }
  const follower = createFollower(engine.log, { headCheckMs: 60_000, onError: () => {} })
  const updates = watchConversation({ following, follower }, talk.key)
  const told: number[] = []
  const untilEmpty = async () => {
    for await (const { line } of updates) {
      told.push(line.places.length)
      if (line.places.length === 0) return
    }
  }
  const emptied = untilEmpty()
  await removed.promise
  const place = { channel: first.key.channel, ticket: first.turn?.ticket ?? '' }
  await engine.lines.leave(talk.key, { ...place, leastAgeMs: 0, unlessShared: false, forgets: false })
  tellOfLine()
  await emptied
  expect(told.at(-1)).toBe(0)
}, 4000)
