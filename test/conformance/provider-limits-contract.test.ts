import { describe, expect, test } from 'vitest'
import type { Job } from '../../src/dispatch/schedule/queue.ts'
import type { AccountId } from '../../src/kernel/ids.ts'
import { ids } from '../support/run/runs.ts'
import { type Engine, type EnginePlace, engines, openEngine } from './engines.ts'

const one = 'one' as AccountId
const newJob = (account: AccountId): Job => ({ key: { account, channel: ids.channelId() }, wake: 1 })

/** Titles in parentheses are clauses of src/worker/README.md. */
describe.each(engines)('the limits of providers on %s', (_name, _open, start) => {
  let place: EnginePlace
  let engine: Engine
  let tests = 0
  let places = 0
  let slowOne = ''
  const join = async (...jobs: readonly Job[]) => {
    for (const job of jobs) await engine.queue.add(job)
  }
  const takeAt = async (at: string) => {
    return (await engine.fair.take(at))?.job ?? null
  }
  const take = async () => takeAt(`place-${++places}`)
  const openLimited = async (requestsPerMinute: number | null, tokensPerMinute: number | null = null) => {
    slowOne = `slow-${++tests}`
    place = await start()
    engine = await openEngine(
      place.env,
      { runningDispatches: 0 },
      {
        providerLimits: [{ provider: slowOne, bucket: slowOne, requestsPerMinute, tokensPerMinute }],
      },
    )
  }
  const slow = (job: Job): Job => ({ ...job, provider: slowOne })
  const enter = (job: Job, tokens = 0) =>
    engine.providerLimits.enter({ provider: slowOne, job, tokens, patienceMs: 3000 })

  test('a job whose provider is asked as often as it may be stands in nobody’s way, and keeps its place (run 29)', async () => {
    await openLimited(10)
    const [first, second, later] = [newJob(one), newJob(one), newJob(one)]
    const free = newJob(one)
    await join(slow(first), slow(second), slow(later), free)
    // Ten in a minute, of which one more may come at once.
    expect([await take(), await take(), await take(), await take()]).toEqual([first, second, free, null])
  })

  test('a request that was counted for a turn and never made is given back (run 29)', async () => {
    await openLimited(1)
    const [first, second] = [newJob(one), newJob(one)]
    await join(slow(first), slow(second))
    expect(await takeAt('a')).toEqual(first)
    expect(await take()).toBeNull()
    await engine.fair.finish('a')
    expect(await takeAt('b')).toEqual(second)
  })

  test('the first call of a turn has been counted with it; the next one waits its time (run 29)', async () => {
    // One each 60 s, and none at once beside it.
    await openLimited(1)
    const job = newJob(one)
    await join(slow(job))
    await takeAt('a')
    expect(await enter(job)).toBe(0)
    const waitMs = await enter(job)
    expect(waitMs).toBeGreaterThan(30_000)
    expect(waitMs).toBeLessThanOrEqual(60_000)
    // It was not counted, as it is too far off; one within the caller's patience is.
    expect(
      await engine.providerLimits.enter({ provider: slowOne, job, tokens: 0, patienceMs: 60_000 }),
    ).toBeLessThanOrEqual(waitMs)
    expect(await enter(job)).toBeGreaterThan(60_000)
  })

  test('tokens are counted as estimated, and corrected (run 29)', async () => {
    await openLimited(null, 6000)
    const job = newJob(one)
    expect(await enter(job, 600)).toBe(0)
    await engine.providerLimits.correct(slowOne, 600)
    // 1,200 are used, of which 600 may come at once; 5,400 more are spread over a minute.
    const waitMs = await enter(job, 0)
    expect(waitMs).toBeGreaterThan(1000)
    expect(waitMs).toBeLessThanOrEqual(6667)
    await engine.providerLimits.correct(slowOne, -700)
    expect(await enter(job, 0)).toBe(0)
  })
})
