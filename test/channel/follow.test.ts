import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { LogEntry } from '../../src/channel/channel.ts'
import { type Batch, createFollower, type Follower } from '../../src/channel/follow.ts'
import type { Position } from '../../src/channel/position.ts'
import { tailLimits } from '../../src/channel/tail.ts'
import { isDelta } from '../../src/conversation/event-traits.ts'
import { type Engine, engines } from '../conformance/engines.ts'
import { createFaultyLog, type FaultyLog } from '../support/redis/faulty-log.ts'
import { newKey, startRun } from '../support/run/runs.ts'

/** What a reader has seen, in a form that does not depend on how deltas were joined. */
function told(entries: readonly LogEntry[]): string {
  return entries.map(({ event }) => (isDelta(event) ? event.text : `<${event.type}>`)).join('')
}

async function drain(batches: AsyncIterableIterator<Batch>): Promise<LogEntry[]> {
  const entries: LogEntry[] = []
  for await (const batch of batches) entries.push(...batch.entries)
  return entries
}

describe.each(engines)('following on %s', (_name, open) => {
  let engine: Engine
  let log: FaultyLog
  let follower: Follower
  /** Without the head check, which would find what the subscription's seam lost. */
  let unaided: Follower
  const errors: unknown[] = []
  beforeAll(async () => {
    engine = await open()
  })
  beforeEach(() => {
    log = createFaultyLog(engine.log)
    const onError = (error: unknown) => void errors.push(error)
    follower = createFollower(log, { headCheckMs: 20, onError })
    unaided = createFollower(log, { headCheckMs: 3_600_000, onError })
  })
  afterEach(() => {
    follower.close()
    unaided.close()
    expect(log.watching).toBe(0)
    expect(errors).toEqual([])
  })

  const start = '<dispatch-queued><dispatch-started>'
  const end = '<dispatch-completed>'

  test('delivers the whole log of an ended run, and completes', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    await writer.say('Hello')
    await writer.finish()
    expect(told(await drain(follower.follow(key, {})))).toBe(`${start}Hello${end}`)
  })

  test('releases a reader that leaves while the store does not answer', async () => {
    const key = newKey()
    await startRun(engine.runs, key)
    const away = Promise.withResolvers<void>()
    const reading = Promise.withResolvers<void>()
    log.faults.beforeRead = async () => {
      reading.resolve()
      await away.promise
    }
    const batches = unaided.follow(key, {})
    const next = batches.next()
    await reading.promise
    const left = batches.return?.()
    expect(await next).toEqual({ done: true, value: undefined })
    away.resolve()
    await left
  })

  test('waits for a channel without a dispatch, and follows it from its first event', async () => {
    const key = newKey()
    const entries = drain(unaided.follow(key, {}))
    const writer = await startRun(engine.runs, key)
    await writer.say('Hello')
    await writer.finish()
    expect(told(await entries)).toBe(`${start}Hello${end}`)
  })

  test('loses nothing that is appended while it subscribes', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    log.faults.beforeWatch = () => writer.say('before watching, ')
    log.faults.beforeRead = async () => {
      log.faults.beforeRead = async () => {}
      await writer.say('before reading, ')
    }
    log.faults.afterRead = async () => {
      log.faults.afterRead = async () => {}
      await writer.say('after reading')
      await writer.finish()
    }
    expect(told(await drain(unaided.follow(key, {})))).toBe(
      `${start}before watching, before reading, after reading${end}`,
    )
  })

  test('reads only once when nothing is lost: an entry that was both read and published is delivered once', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    log.faults.beforeRead = () => writer.say('seen both ways, ')
    const batches = unaided.follow(key, {})
    const first = await batches.next()
    log.faults.beforeRead = async () => {}
    await writer.say('then live')
    await writer.finish()
    const rest = await drain(batches)
    expect(told([...(first.value?.entries ?? []), ...rest])).toBe(`${start}seen both ways, then live${end}`)
    expect(log.reads).toBe(1)
  })

  test('delivers everything although every publication is lost', async () => {
    const key = newKey()
    log.faults.onSignal = () => null
    const writer = await startRun(engine.runs, key)
    const batches = follower.follow(key, {})
    const entries = [...((await batches.next()).value?.entries ?? [])]
    await writer.say('Hello')
    entries.push(...((await batches.next()).value?.entries ?? []))
    await writer.say(' again')
    await writer.finish()
    entries.push(...(await drain(batches)))
    expect(told(entries)).toBe(`${start}Hello again${end}`)
  })

  test('fills the gap when publications in the middle are lost', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    // Never the last, which nothing but the head check would find.
    log.faults.onSignal = (signal) => (signal !== 'interrupted' && signal.last % 3 === 1 ? null : signal)
    const entries = drain(unaided.follow(key, {}))
    for (let n = 0; n < 30; n++) await writer.say(`${n} `)
    await writer.finish()
    const numbers = Array.from({ length: 30 }, (_, n) => `${n} `).join('')
    expect(told(await entries)).toBe(`${start}${numbers}${end}`)
  })

  test('reads again after an interruption of the subscription', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    const batches = unaided.follow(key, {})
    await batches.next()
    log.faults.onSignal = () => 'interrupted'
    await writer.say('Hello')
    expect(told((await batches.next()).value?.entries ?? [])).toBe('Hello')
    await batches.return?.()
  })

  test('holds a bounded buffer for a reader that does not pull, and then delivers everything, joined', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    const batches = unaided.follow(key, {})
    await batches.next()
    const words = tailLimits.maxPublications * 3
    let publications = 0
    const { promise: published, resolve } = Promise.withResolvers<void>()
    log.faults.onSignal = (signal) => {
      publications += 1
      if (publications === words) resolve()
      return signal
    }
    for (let n = 0; n < words; n++) await writer.say('x')
    await published
    const readsBefore = log.reads
    const next = await batches.next()
    expect(next.value?.entries).toHaveLength(1)
    expect(told(next.value?.entries ?? [])).toBe('x'.repeat(words))
    expect(log.reads).toBe(readsBefore + 1)
    await batches.return?.()
  })

  test('follows after every cursor of a run without repeating or skipping', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    const live = drain(follower.follow(key, {}))
    for (let n = 0; n < 20; n++) await writer.say(`${n} `)
    await writer.finish()
    const entries = await live
    const whole = told(entries)
    const epoch = (await engine.log.heads([key]))[0]?.epoch ?? ''
    for (const [index, { offset, tag }] of entries.entries()) {
      const rest = await drain(follower.follow(key, { after: { epoch, offset, tag } }))
      expect(told(entries.slice(0, index + 1)) + told(rest)).toBe(whole)
    }
  })

  test('delivers the newest entries, or none, and then live ones', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    await writer.append({ type: 'iteration-started', iteration: 1 })
    await writer.append({ type: 'iteration-started', iteration: 2 })
    const newest = follower.follow(key, { last: 1 })
    expect((await newest.next()).value?.entries).toMatchObject([{ offset: 4 }])
    const liveOnly = follower.follow(key, { last: 0 })
    const first = liveOnly.next()
    // The reader is at the head once it has read there.
    await vi.waitFor(() => expect(log.reads).toBe(2))
    await writer.append({ type: 'iteration-started', iteration: 3 })
    expect((await first).value?.entries).toMatchObject([{ offset: 5 }])
    expect((await newest.next()).value?.entries).toMatchObject([{ offset: 5 }])
    await newest.return?.()
    await liveOnly.return?.()
  })

  test('completes at once after the ending', async () => {
    const key = newKey()
    const writer = await startRun(engine.runs, key)
    await writer.finish()
    const [head] = await engine.log.heads([key])
    const after: Position = { epoch: head?.epoch ?? '', offset: head?.last ?? 0, tag: head?.lastTag ?? '' }
    expect(await drain(follower.follow(key, { after }))).toEqual([])
    expect(await drain(follower.follow(key, { last: 0 }))).toEqual([])
  })

  test('throws CURSOR_EXPIRED for a cursor of another log', async () => {
    const key = newKey()
    await startRun(engine.runs, key)
    const after = { epoch: 'anotherepoch', offset: 1, tag: 'abcdefgh' }
    await expect(drain(follower.follow(key, { after }))).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' })
  })

  test('ends at once when its reader leaves while nothing happens', async () => {
    const key = newKey()
    await startRun(engine.runs, key)
    const batches = follower.follow(key, {})
    await batches.next()
    const waiting = batches.next()
    await batches.return?.()
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(log.watching).toBe(0)
  })
})
