import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { pageLimits } from '../../src/channel/follow.ts'
import type { Message, Waiter } from '../../src/dispatch/result-channel.ts'
import type { ChannelKey } from '../../src/kernel/ids.ts'
import { ids, newKey, newRun, startRun } from '../support/run/runs.ts'
import { type Engine, engines } from './engines.ts'

describe.each(engines)('result channels on %s', (_name, open) => {
  let engine: Engine
  let key: ChannelKey
  beforeAll(async () => {
    engine = await open()
  })
  beforeEach(() => {
    key = newKey()
  })

  const publish = (message: Message, tag = ids.tag()) =>
    engine.results.publish(key, { message, tag, epoch: ids.nonce() })
  const waiter = (callId: string): Waiter => ({ channel: newKey().channel, callId })
  const messages = async () =>
    (await engine.log.read(key, null, pageLimits))?.entries.map(({ event }) =>
      event.type === 'channel-message-published' ? event.payload : event.type,
    )

  test('a message on a channel without waiting calls is in its log', async () => {
    expect(await publish({ text: 'ä"\u2028', n: 1 })).toEqual({ outcome: 'published', assignment: null })
    expect(await messages()).toEqual([{ text: 'ä"\u2028', n: 1 }])
  })

  test('the call that has waited longest gets the message, and the next call the next one', async () => {
    const [first, second] = [waiter('a'), waiter('b')]
    expect(await engine.results.wait(key, first)).toBe(null)
    expect(await engine.results.wait(key, second)).toBe(null)
    expect(await publish({ n: 1 })).toMatchObject({
      outcome: 'published',
      assignment: { waiter: first, message: { n: 1 } },
    })
    expect(await publish({ n: 2 })).toMatchObject({
      outcome: 'published',
      assignment: { waiter: second, message: { n: 2 } },
    })
    expect(await publish({ n: 3 })).toEqual({ outcome: 'published', assignment: null })
  })

  test('a slightly early message counts once, in order of arrival', async () => {
    await publish({ n: 1 })
    await publish({ n: 2 })
    expect(await engine.results.wait(key, waiter('a'))).toMatchObject({ message: { n: 1 } })
    expect(await engine.results.wait(key, waiter('b'))).toMatchObject({ message: { n: 2 } })
    expect(await engine.results.wait(key, waiter('c'))).toBe(null)
  })

  test('waiting is idempotent', async () => {
    const only = waiter('a')
    await engine.results.wait(key, only)
    await engine.results.wait(key, only)
    expect(await publish({ n: 1 })).toMatchObject({ assignment: { waiter: only } })
    expect(await engine.results.wait(key, only)).toMatchObject({ message: { n: 1 } })
    expect(await publish({ n: 2 })).toMatchObject({ assignment: null })
  })

  test('a repeated publication is one message with the same reply', async () => {
    const only = waiter('a')
    await engine.results.wait(key, only)
    await engine.results.wait(key, waiter('b'))
    const first = await publish({ n: 1 }, 'tag-1')
    // An engine within one process has no replies to lose.
    if (engine.isShared) expect(await publish({ n: 1 }, 'tag-1')).toMatchObject({ outcome: 'published' })
    expect(first).toMatchObject({ assignment: { waiter: only } })
    expect(await messages()).toEqual([{ n: 1 }])
    expect(await engine.results.undelivered(key)).toHaveLength(1)
  })

  test('a match is kept until it has been delivered', async () => {
    const [first, second] = [waiter('a'), waiter('b')]
    await engine.results.wait(key, first)
    await publish({ n: 1 }, 'tag-1')
    await publish({ n: 2 }, 'tag-2')
    await engine.results.wait(key, second)
    const undelivered = await engine.results.undelivered(key)
    expect(undelivered).toHaveLength(2)
    expect(undelivered).toContainEqual({ waiter: first, message: { n: 1 }, tag: 'tag-1' })
    await engine.results.delivered(key, { waiter: first, message: { n: 1 }, tag: 'tag-1' })
    expect(await engine.results.undelivered(key)).toEqual([{ waiter: second, message: { n: 2 }, tag: 'tag-2' }])
  })

  // Who delivers a match that it read a while ago must not touch the next one of the same call.
  test('a replaced match is neither delivered nor passed on', async () => {
    const [first, second] = [waiter('a'), waiter('b')]
    await engine.results.wait(key, first)
    await publish({ n: 1 }, 'tag-1')
    const former = { waiter: first, message: { n: 1 }, tag: 'tag-1' }
    await engine.results.delivered(key, former)
    await engine.results.wait(key, first)
    await engine.results.wait(key, second)
    await publish({ n: 2 }, 'tag-2')
    await engine.results.delivered(key, former)
    expect(await engine.results.reassign(key, former)).toBe(null)
    expect(await engine.results.undelivered(key)).toEqual([{ waiter: first, message: { n: 2 }, tag: 'tag-2' }])
  })

  test('the message of a call that no longer waits goes to the next call', async () => {
    const [gone, next] = [waiter('a'), waiter('b')]
    await engine.results.wait(key, gone)
    await engine.results.wait(key, next)
    await publish({ n: 1 }, 'tag-1')
    const published = { message: { n: 1 }, tag: 'tag-1' }
    expect(await engine.results.reassign(key, { waiter: gone, ...published })).toEqual({ waiter: next, ...published })
    expect(await engine.results.undelivered(key)).toEqual([{ waiter: next, ...published }])
    expect(await engine.results.reassign(key, { waiter: gone, ...published })).toBe(null)
  })

  test('without a next call it is kept for a later call, ahead of later messages', async () => {
    const gone = waiter('a')
    await engine.results.wait(key, gone)
    await publish({ n: 1 }, 'tag-1')
    await publish({ n: 2 })
    expect(await engine.results.reassign(key, { waiter: gone, message: { n: 1 }, tag: 'tag-1' })).toBe(null)
    expect(await engine.results.wait(key, waiter('b'))).toMatchObject({ message: { n: 1 } })
  })

  test("a message on a run's channel is in the run's log, and may precede the dispatch", async () => {
    await publish({ n: 0 })
    await engine.runs.create(key, newRun())
    await publish({ n: 1 })
    expect(await messages()).toEqual([{ n: 0 }, 'dispatch-queued', { n: 1 }])
  })

  test('nothing follows the ending of a run', async () => {
    await (await startRun(engine.runs, key)).finish()
    const before = await messages()
    expect(await publish({ n: 1 })).toEqual({ outcome: 'ended' })
    expect(await messages()).toEqual(before)
  })

  test('a channel is bounded, and keeps the newest unclaimed messages', async () => {
    for (let n = 0; n < 150; n++) await publish({ n })
    expect(await engine.results.wait(key, waiter('a'))).toMatchObject({ message: { n: 50 } })
    const text = 'x'.repeat(60_000)
    const outcomes = [
      await publish({ text }),
      await publish({ text }),
      await publish({ text }),
      await publish({ text }),
      await publish({ text }),
    ]
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['published', 'published', 'published', 'published', 'full'])
  })

  test('messages of other channels are separate', async () => {
    await engine.results.wait(key, waiter('a'))
    key = newKey()
    expect(await publish({ n: 1 })).toMatchObject({ assignment: null })
  })
})
