import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ChannelLog } from '../../src/channel/channel.ts'
import { createFollower, type Follower } from '../../src/channel/follow.ts'
import type { Snapshot } from '../../src/dispatch/snapshot.ts'
import { watchSnapshots } from '../../src/dispatch/watch-snapshots.ts'
import type { ChannelKey } from '../../src/kernel/ids.ts'
import { type Engine, engines } from '../conformance/engines.ts'
import { opened } from '../support/lifetime/opened.ts'
import { newKey, newRun, startRun } from '../support/run/runs.ts'

describe.each(engines)('readers of one dispatch on %s', (_name, open) => {
  let engine: Engine
  let follower: Follower
  let log: ChannelLog
  let watching = 0
  let loads = 0
  beforeAll(async () => {
    engine = await open()
  })
  beforeEach(() => {
    loads = 0
    log = {
      heads: (keys) => engine.log.heads(keys),
      read: (key, from, limits) => {
        loads += 1
        return engine.log.read(key, from, limits)
      },
      async watch(key, listener) {
        watching += 1
        const unwatch = await engine.log.watch(key, listener)
        return () => {
          watching -= 1
          unwatch()
        }
      },
    }
    follower = opened(createFollower(log, { headCheckMs: 3_600_000, onError: () => {} }))
  })
  afterEach(() => {
    expect(watching).toBe(0)
  })

  const watch = (key: ChannelKey) => watchSnapshots({ following: { runs: engine.runs, log }, follower }, key, 0)
  const text = (result: IteratorResult<Snapshot>) => (result.value as Snapshot).messages.at(-1)?.text

  test('share what they hold: the log is read and followed once, and equal states are one object', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    await writer.append({ type: 'iteration-started', iteration: 1 })
    await writer.say('Hello')
    const readers = Array.from({ length: 20 }, () => watch(key))
    const first = await Promise.all(readers.map((reader) => reader.next()))
    expect(new Set(first.map(text))).toEqual(new Set(['Hello']))
    expect(new Set(first.map(({ value }) => value)).size).toBe(1)
    expect(watching).toBe(1)

    const late = watch(key)
    expect((await late.next()).value).toBe(first[0]?.value)
    const second = Promise.all(readers.map((reader) => reader.next()))
    await writer.say(' there')
    expect(new Set((await second).map(text))).toEqual(new Set(['Hello there']))
    // Its current iteration, and what follows.
    expect(loads).toBe(2)
    expect(watching).toBe(1)

    // Those who leave take nothing from the others.
    for (const reader of readers.slice(1)) await reader.return?.()
    await writer.finish()
    for (let result = await late.next(); !result.done; result = await late.next()) {
      if (result.value.status === 'completed') break
    }
    expect((await late.next()).done).toBe(true)
    await readers[0]?.return?.()
  })

  test('wait together for a dispatch that does not exist, and may leave before it does', async () => {
    const key = newKey()
    const [stays, leaves] = [watch(key), watch(key)]
    const pending = stays.next()
    const left = leaves.next()
    await leaves.return?.()
    expect((await left).done).toBe(true)
    await engine.runs.create(key, newRun())
    expect((await pending).value).toMatchObject({ status: 'queued' })
    await stays.return?.()
    // Nothing is kept: the next one reads again.
    const again = watch(key)
    expect((await again.next()).value).toMatchObject({ status: 'queued' })
    await again.return?.()
  })

  test('are all told that the log cannot be read, and whoever comes next reads it again', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    await writer.say('Hello')
    const { read } = log
    const fails = { ...log, read: () => Promise.reject(new Error('broken')) }
    const broken = opened(createFollower(fails, { headCheckMs: 3_600_000, onError: () => {} }))
    const readers = [0, 1].map(() =>
      watchSnapshots({ following: { runs: engine.runs, log }, follower: broken }, key, 0),
    )
    for (const reader of readers) expect((await reader.next()).done).toBe(false)
    for (const reader of readers) await expect(reader.next()).rejects.toThrow('broken')
    fails.read = read as never
    const next = watchSnapshots({ following: { runs: engine.runs, log }, follower: broken }, key, 0)
    expect((await next.next()).done).toBe(false)
    await next.return?.()
  })
})
