import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createFollower, type Follower, type FollowStart } from '../../src/channel/follow.ts'
import { createViewBuilder } from '../../src/conversation/view.ts'
import { readSnapshot, type Snapshot } from '../../src/dispatch/snapshot.ts'
import { watchSnapshots } from '../../src/dispatch/watch-snapshots.ts'
import { type Engine, engines } from '../conformance/engines.ts'
import { createFaultyLog, type FaultyLog } from '../support/redis/faulty-log.ts'
import { iteration } from '../support/run/facts.ts'
import { newKey, newRun, startRun, type TestWriter } from '../support/run/runs.ts'

describe.each(engines)('snapshots on %s', (_name, open) => {
  let engine: Engine
  let log: FaultyLog
  let follower: Follower
  beforeAll(async () => {
    engine = await open()
  })
  beforeEach(() => {
    log = createFaultyLog(engine.log)
    follower = createFollower(log, { headCheckMs: 20, onError: () => {} })
  })
  afterEach(() => {
    follower.close()
    expect(log.watching).toBe(0)
  })

  const snapshotOf = async (key: ReturnType<typeof newKey>) => {
    const reading = await readSnapshot({ runs: engine.runs, log }, key)
    return reading?.snapshot(reading.position) ?? null
  }
  const texts = (snapshot: Snapshot | null | undefined) =>
    snapshot?.messages.map(({ text, isComplete }) => `${text}${isComplete ? '' : '…'}`)
  const startIteration = (writer: TestWriter, number: number) =>
    writer.append({ type: 'iteration-started', iteration: number })
  const watch = (key: ReturnType<typeof newKey>, intervalMs = 0) =>
    watchSnapshots({ following: { runs: engine.runs, log }, follower }, key, intervalMs)
  const events = async (key: ReturnType<typeof newKey>, start: FollowStart) => {
    const all = []
    for await (const { entries } of follower.follow(key, start)) all.push(...entries)
    return all
  }

  test('a channel without a dispatch has no snapshot', async () => {
    expect(await snapshotOf(newKey())).toBeNull()
  })

  test('holds everything said so far, and its cursor is the end of it', async () => {
    const key = newKey()
    await engine.runs.create(key, newRun())
    expect(await snapshotOf(key)).toMatchObject({ status: 'queued', position: { offset: 1 } })
    const running = newKey()
    const writer = await startRun(engine.runs, running)
    await startIteration(writer, 1)
    await writer.say('Hel')
    await writer.say('lo')
    const snapshot = await snapshotOf(running)
    expect(texts(snapshot)).toEqual(['Hello', 'Hello…'])
    expect(snapshot).toMatchObject({ status: 'running', attempts: 1, position: { offset: 5 } })
  })

  test('a snapshot and the events after its cursor make up the whole run, wherever it is taken', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    const taken: { after: Snapshot; offset: number }[] = []
    const take = async () => {
      const after = await snapshotOf(key)
      if (after !== null) taken.push({ after, offset: after.position.offset })
    }
    await take()
    for (const number of [1, 2]) {
      await startIteration(writer, number)
      await take()
      await writer.say('word ')
      await take()
      await writer.append(...iteration(number, 'word').slice(1))
      await take()
    }
    await writer.finish()
    await take()
    expect(taken.map(({ offset }) => offset)).toEqual([2, 3, 4, 6, 7, 8, 10, 11])
    const whole = createViewBuilder()
    for (const entry of await events(key, {})) whole.apply(entry)
    for (const { after } of taken) {
      const reading = createViewBuilder()
      const rest = await events(key, { after: after.position })
      const before = (await events(key, {})).filter(({ offset }) => offset <= after.position.offset)
      for (const entry of [...before, ...rest]) reading.apply(entry)
      expect(reading.view()).toEqual(whole.view())
      expect(rest.every(({ offset }) => offset > after.position.offset)).toBe(true)
    }
  })

  test('is consistent although the run continues while it is read', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    await startIteration(writer, 1)
    await writer.say('One')
    log.faults.beforeRead = async () => {
      log.faults.beforeRead = async () => {}
      await writer.say(' two')
      await writer.append(...iteration(1, 'One two').slice(1))
      await writer.finish()
    }
    const snapshot = await snapshotOf(key)
    expect(snapshot).toMatchObject({ status: 'completed', usage: { iterations: 0 }, position: { offset: 8 } })
    expect(texts(snapshot)).toEqual(['Hello', 'One two…', 'One two'])
  })

  test('a run that was handed back to the queue shows as queued', async () => {
    const key = newKey()
    await engine.runs.create(key, newRun())
    await engine.runs.claim(key, { wake: 1, claim: 'c', tag: 't', lossLimit: 1 })
    await engine.runs.release(key, 'c')
    expect(await snapshotOf(key)).toMatchObject({ status: 'queued', attempts: 1 })
  })

  test('watching waits for a future dispatch, shows it growing, and completes after its ending', async () => {
    const key = newKey()
    const snapshots = watch(key)
    const first = snapshots.next()
    const writer = await startRun(engine.runs, key)
    await first
    const statuses: string[] = []
    const lengths: number[] = []
    await startIteration(writer, 1)
    for (const word of ['One', ' two', ' three']) {
      await writer.say(word)
      for (let grown = false; !grown; ) {
        const { value } = await snapshots.next()
        const length = value?.messages[1]?.text.length ?? 0
        grown = length > (lengths.at(-1) ?? 0)
        if (grown) lengths.push(length)
      }
    }
    await writer.finish()
    for await (const { status } of snapshots) statuses.push(status)
    expect(lengths).toEqual([3, 7, 13])
    expect(statuses.at(-1)).toBe('completed')
  })

  test('a reader that does not pull gets the newest state, not every state', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    const snapshots = watch(key)
    await snapshots.next()
    for (let n = 0; n < 50; n++) await writer.say('x')
    await writer.finish()
    const rest: (string[] | undefined)[] = []
    for await (const snapshot of snapshots) rest.push(texts(snapshot))
    expect(rest.length).toBeLessThan(25)
    expect(rest.at(-1)?.at(-1)).toBe(`${'x'.repeat(50)}…`)
  })

  test('an ended run has one snapshot', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    await writer.finish()
    const all: Snapshot[] = []
    for await (const snapshot of watch(key)) all.push(snapshot)
    expect(all).toMatchObject([{ status: 'completed', result: { text: 'done' } }])
  })

  test.each(['before the dispatch', 'between two changes'])(
    'a watcher that leaves %s leaves nothing behind',
    async (when) => {
      const key = newKey()
      if (when !== 'before the dispatch') await startRun(engine.runs, key)
      const snapshots = watch(key)
      if (when !== 'before the dispatch') await snapshots.next()
      const waiting = snapshots.next()
      await snapshots.return?.()
      expect(await waiting).toEqual({ done: true, value: undefined })
    },
  )
})
