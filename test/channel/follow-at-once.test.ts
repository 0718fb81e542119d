import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { LogEntry, WatchSignal } from '../../src/channel/channel.ts'
import { type Batch, createFollower, type Follower } from '../../src/channel/follow.ts'
import { isDelta } from '../../src/conversation/event-traits.ts'
import { type Engine, engines } from '../conformance/engines.ts'
import { createRandom } from '../faults/random.ts'
import { opened } from '../support/lifetime/opened.ts'
import { createFaultyLog, type FaultyLog } from '../support/redis/faulty-log.ts'
import { newKey, startRun } from '../support/run/runs.ts'

function told(entries: readonly LogEntry[]): string {
  return entries.map(({ event }) => (isDelta(event) ? event.text : `<${event.type}>`)).join('')
}

/** Reads to the end, and takes on the spot what `takes` says. */
async function drain(
  follower: Follower,
  key: ReturnType<typeof newKey>,
  takes: (batch: Batch) => boolean,
): Promise<{ readonly entries: LogEntry[]; readonly taken: readonly Batch[] }> {
  const entries: LogEntry[] = []
  const taken: Batch[] = []
  const batches = follower.follow(key, {}, (batch) => {
    if (!takes(batch)) return false
    taken.push(batch)
    entries.push(...batch.entries)
    return true
  })
  for await (const batch of batches) entries.push(...batch.entries)
  return { entries, taken }
}

describe.each(engines)('taking on the spot on %s', (_name, open) => {
  let engine: Engine
  let log: FaultyLog
  let follower: Follower
  /** Without the head check, which sends a reader to the log where the machine is slow. */
  let unaided: Follower
  beforeAll(async () => {
    engine = await open()
  })
  beforeEach(() => {
    log = createFaultyLog(engine.log)
    follower = opened(createFollower(log, { headCheckMs: 20, onError: () => {} }))
    unaided = opened(createFollower(log, { headCheckMs: 3_600_000, onError: () => {} }))
  })
  const start = '<dispatch-queued><dispatch-started>'
  const end = '<dispatch-completed>'

  test('a reader who waits before the run begins takes all of it, ending included, and reads the log once', async () => {
    const key = newKey()
    const { promise: waiting, resolve } = Promise.withResolvers<void>()
    log.faults.afterRead = async () => resolve()
    const reading = drain(unaided, key, () => true)
    await waiting
    const writer = await startRun(engine.runs, key)
    await writer.say('Hello')
    await writer.finish()
    const { entries, taken } = await reading
    expect(told(entries)).toBe(`${start}Hello${end}`)
    expect(told(taken.flatMap((batch) => batch.entries))).toBe(`${start}Hello${end}`)
    expect(log.reads).toBe(1)
    expect(log.watching).toBe(0)
  })

  test('readers of one publication are given the same batch', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    const { promise: bothHaveRead, resolve } = Promise.withResolvers<void>()
    let haveRead = 0
    log.faults.afterRead = async () => {
      haveRead += 1
      if (haveRead === 2) resolve()
    }
    const both = [drain(unaided, key, () => true), drain(unaided, key, () => true)]
    await bothHaveRead
    await writer.say('Hello')
    await writer.finish()
    const [one, two] = await Promise.all(both)
    expect(one?.taken.length).toBeGreaterThan(0)
    for (const [index, batch] of (one?.taken ?? []).entries()) expect(two?.taken[index]).toBe(batch)
  })

  test('nothing is offered while the reader holds something, which would come after it', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    let offers = 0
    const batches = unaided.follow(key, {}, () => {
      offers += 1
      return true
    })
    await batches.next()
    const { promise: published, resolve } = Promise.withResolvers<void>()
    log.faults.onSignal = (signal) => {
      setImmediate(resolve)
      return signal
    }
    await writer.say('Hello')
    await published
    expect(offers).toBe(0)
    expect(told((await batches.next()).value?.entries ?? [])).toBe('Hello')
    await batches.return?.()
  })

  test.each<[string, (signal: Exclude<WatchSignal, 'interrupted'>) => WatchSignal]>([
    ['after another entry', (signal) => ({ ...signal, previousTag: 'anothertag' })],
    ['of another log', (signal) => ({ ...signal, epoch: 'anotherepoch' })],
    ['after a gap', (signal) => ({ ...signal, first: signal.first + 1, last: signal.last + 1 })],
    ['without its entries', (signal) => ({ ...signal, entries: null })],
  ])('a publication %s is not offered: the reader reads the log', async (_what, change) => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    let offers = 0
    const batches = unaided.follow(key, {}, () => {
      offers += 1
      return true
    })
    await batches.next()
    const next = batches.next()
    log.faults.onSignal = (signal) => (signal === 'interrupted' ? signal : change(signal))
    await writer.say('Hello')
    expect(told((await next).value?.entries ?? [])).toBe('Hello')
    expect(offers).toBe(0)
    expect(log.reads).toBe(2)
    await batches.return?.()
  })

  test.each([1, 2, 3, 4])('whoever takes, refuses and loses at random has everything once: seed %i', async (seed) => {
    const { chance, int } = createRandom(seed)
    const key = newKey()
    log.faults.onSignal = (signal) => (chance(0.1) ? (chance(0.5) ? 'interrupted' : null) : signal)
    const readers = Array.from({ length: 3 }, () => drain(follower, key, () => chance(0.7)))
    const writer = await startRun(engine.runs, key)
    let text = ''
    for (let n = 0; n < 60; n++) {
      text += `${n} `
      await writer.say(`${n} `)
      for (let turns = int(3); turns > 0; turns--) await new Promise(setImmediate)
    }
    await writer.finish()
    for (const { entries } of await Promise.all(readers)) {
      expect(told(entries)).toBe(`${start}${text}${end}`)
      expect(entries.every(({ offset }, index) => index === 0 || offset > (entries[index - 1]?.offset ?? 0))).toBe(true)
    }
  })
})
