import { beforeAll, describe, expect, test } from 'vitest'
import type { LogEntry, WatchSignal } from '../../src/channel/channel.ts'
import { pageLimits } from '../../src/channel/follow.ts'
import type { Position } from '../../src/channel/position.ts'
import { isDelta } from '../../src/conversation/event-traits.ts'
import { newKey, startRun } from '../support/run/runs.ts'
import { type Engine, engines } from './engines.ts'

describe.each(engines)('a channel log on %s', (_name, open) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await open()
  })

  const readAll = async (key: ReturnType<typeof newKey>, from: Position | null = null) => {
    const page = await engine.log.read(key, from, pageLimits)
    if (page === null) throw new Error('There is no log.')
    return page
  }
  const positionOf = (epoch: string, { offset, tag }: LogEntry): Position => ({ epoch, offset, tag })

  test('returns null for a channel without a log, and CURSOR_EXPIRED for a cursor on it', async () => {
    const key = newKey()
    expect(await engine.log.read(key, null, pageLimits)).toBeNull()
    expect(await engine.log.heads([key])).toEqual([null])
    await expect(engine.log.read(key, { epoch: 'abcdefgh', offset: 1, tag: 'x' }, pageLimits)).rejects.toMatchObject({
      code: 'CURSOR_EXPIRED',
    })
  })

  test('reads appended entries in order, with dense offsets from 1', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    await writer.append({ type: 'iteration-started', iteration: 1 })
    await writer.finish()
    const page = await readAll(key)
    expect(page.entries.map(({ offset, event }) => [offset, event.type])).toEqual([
      [1, 'dispatch-queued'],
      [2, 'dispatch-started'],
      [3, 'iteration-started'],
      [4, 'dispatch-completed'],
    ])
    expect(page).toMatchObject({ last: 4, isClosed: true })
    expect(await engine.log.heads([key])).toEqual([
      { epoch: page.epoch, last: 4, lastTag: page.lastTag, isClosed: true },
    ])
  })

  test('returns an event as it was written, whatever its text contains', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    const text = 'a "quoted" \\ line\nwith é, 🙂, \u0000, \u001f, \u2028, half a pair \ud83d and </script>'
    const message = { id: 'm2', type: 'bot', text, meta: { nested: [1, null, { deep: true }] } } as const
    await writer.say(text)
    await writer.append({ type: 'message-completed', message })
    const { entries } = await readAll(key)
    expect(entries.slice(2).map(({ event }) => event)).toEqual([
      { type: 'text-delta', messageId: 'm2', position: 0, text },
      { type: 'message-completed', message },
    ])
  })

  test('reads after every position, and nothing after the last one', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    for (let iteration = 1; iteration <= 5; iteration++) await writer.append({ type: 'iteration-started', iteration })
    const all = await readAll(key)
    for (const [index, entry] of all.entries.entries()) {
      const rest = await readAll(key, positionOf(all.epoch, entry))
      expect(rest.entries).toEqual(all.entries.slice(index + 1))
    }
  })

  test('joins adjacent deltas of one message at the position of the last, never across a fact or another message', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    for (const word of ['One', ' two', ' thr', 'ee']) await writer.say(word)
    await writer.append({ type: 'reasoning-delta', messageId: 'm3', position: 0, text: 'Hm' })
    await writer.append({ type: 'reasoning-delta', messageId: 'm4', position: 0, text: 'Oh' })
    await writer.append({ type: 'iteration-started', iteration: 2 })
    await writer.say(' four')
    const { entries } = await readAll(key)
    expect(entries.slice(2).map(({ offset, event }) => [offset, isDelta(event) ? event.text : event.type])).toEqual([
      [6, 'One two three'],
      [7, 'Hm'],
      [8, 'Oh'],
      [9, 'iteration-started'],
      [10, ' four'],
    ])
    expect(entries[2]?.event).toEqual({ type: 'text-delta', messageId: 'm2', position: 0, text: 'One two three' })
  })

  test('joins the rest of a message after a cursor in its middle', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    for (const word of ['One', ' two', ' three', ' four']) await writer.say(word)
    const first = await engine.log.read(key, null, { ...pageLimits, maxEntries: 4 })
    const middle = first?.entries.at(-1) as LogEntry
    expect(middle).toMatchObject({ offset: 4, event: { text: 'One two' } })
    const rest = await readAll(key, positionOf(first?.epoch ?? '', middle))
    expect(rest.entries).toMatchObject([{ offset: 6, event: { position: 7, text: ' three four' } }])
  })

  test('ends a page at its limits, in entries before joining and in bytes, with at least one entry', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    for (let n = 0; n < 10; n++) await writer.say('x'.repeat(100))
    const byEntries = await engine.log.read(key, null, { maxEntries: 5, maxBytes: 1_000_000 })
    expect(byEntries?.entries.at(-1)?.offset).toBe(5)
    const start = { epoch: byEntries?.epoch ?? '', offset: 2, tag: '' }
    const byBytes = await engine.log.read(key, start, { maxEntries: 100, maxBytes: 250 })
    expect(byBytes?.entries.at(-1)?.offset).toBe(5)
    const byOne = await engine.log.read(key, start, { maxEntries: 100, maxBytes: 1 })
    expect(byOne?.entries.at(-1)?.offset).toBe(3)
  })

  test.each([
    ['another epoch', (p: Position) => ({ ...p, epoch: 'anotherepoch' }), 'another log'],
    ['an offset beyond the end', (p: Position) => ({ ...p, offset: 99 }), 'ahead of the log'],
    ['another tag at the offset', (p: Position) => ({ ...p, tag: 'zzzzzzzz' }), 'other events have taken'],
  ])('answers CURSOR_EXPIRED to %s', async (_what, change, words) => {
    const key = newKey()
    await startRun(engine.runs, key)
    const page = await readAll(key)
    const position = change(positionOf(page.epoch, page.entries[1] as LogEntry))
    await expect(engine.log.read(key, position, pageLimits)).rejects.toMatchObject({
      code: 'CURSOR_EXPIRED',
      message: expect.stringContaining(words),
    })
  })

  test('tells watchers about each append: its predecessor and its entries', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    const before = await readAll(key)
    const signals: WatchSignal[] = []
    const { promise: told, resolve } = Promise.withResolvers<void>()
    const unwatch = await engine.log.watch(key, (signal) => {
      signals.push(signal)
      if (signals.length === 2) resolve()
    })
    await writer.append({ type: 'iteration-started', iteration: 1 }, { type: 'iteration-started', iteration: 2 })
    await writer.say('Hi')
    await told
    unwatch()
    const after = await readAll(key)
    const [, , third, fourth, fifth] = after.entries
    expect(signals).toEqual([
      {
        epoch: before.epoch,
        previousTag: before.lastTag,
        first: 3,
        last: 4,
        tag: third?.tag,
        entries: [third, fourth],
      },
      { epoch: before.epoch, previousTag: fourth?.tag, first: 5, last: 5, tag: fifth?.tag, entries: [fifth] },
    ])
  })

  test('stops telling a watcher that has left, and continues with the others', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    const left: WatchSignal[] = []
    const { promise: told, resolve } = Promise.withResolvers<WatchSignal>()
    const unwatch = await engine.log.watch(key, (signal) => void left.push(signal))
    const unwatchOther = await engine.log.watch(key, resolve)
    unwatch()
    await writer.say('Hi')
    expect(await told).toMatchObject({ first: 3 })
    expect(left).toEqual([])
    unwatchOther()
  })
})
