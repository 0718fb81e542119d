import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { AccountShare } from '../../src/dispatch/schedule/fair-queue.ts'
import type { Job } from '../../src/dispatch/schedule/queue.ts'
import { turnLeases } from '../../src/engines/engine.ts'
import type { AccountId } from '../../src/kernel/ids.ts'
import { ids } from '../support/run/runs.ts'
import { type Engine, type EnginePlace, engines, openEngine, sharedEngines } from './engines.ts'

let one: AccountId
let other: AccountId
let third: AccountId
let tests = 0
beforeEach(() => {
  const named = (name: string) => `${name}-${tests}` as AccountId
  tests += 1
  one = named('one')
  other = named('other')
  third = named('third')
})
const newJob = (account: AccountId, wake = 1): Job => ({ key: { account, channel: ids.channelId() }, wake })

interface Given {
  readonly limit?: number
  readonly leaseMs?: number
  readonly shares?: Readonly<Record<string, AccountShare>>
}

/** Titles in parentheses are clauses of src/worker/README.md. */
describe.each(engines)('the fair queue on %s', (_name, _open, start) => {
  let place: EnginePlace
  let engine: Engine
  let places = 0

  const taken = new Set<string>()
  beforeAll(async () => {
    place = await start()
  })
  // The next test finds an empty queue.
  afterEach(async () => {
    for (const at of taken) await engine.fair.finish(at)
    taken.clear()
    while ((await engine.fair.take('rest')) !== null) await engine.fair.finish('rest')
  })

  const open = async ({ limit = 0, leaseMs = 60_000, shares = {} }: Given = {}) => {
    const over = { runningDispatches: limit, leaseMs: Math.ceil(leaseMs / turnLeases) }
    engine = await openEngine(place.env, over, {
      shareOf: (account) => shares[account] ?? { limit: null, weight: 1 },
    })
  }
  const join = async (...jobs: readonly Job[]) => {
    for (const job of jobs) await engine.queue.add(job)
  }
  const joined = async (account: AccountId, count: number): Promise<readonly Job[]> => {
    const jobs = Array.from({ length: count }, () => newJob(account))
    await join(...jobs)
    return jobs
  }
  const takeAt = async (at: string) => {
    taken.add(at)
    return (await engine.fair.take(at))?.job ?? null
  }
  const take = async () => takeAt(`place-${++places}`)
  /** The accounts of the next turns, each finished at once. */
  const turns = async (count: number) => {
    const accounts: (string | undefined)[] = []
    for (let n = 0; n < count; n++) {
      const at = `place-${++places}`
      accounts.push((await takeAt(at))?.key.account)
      await engine.fair.finish(at)
    }
    return accounts
  }
  const held = async (count: number) => {
    const jobs: (Job | null)[] = []
    for (let n = 0; n < count; n++) jobs.push(await take())
    return jobs
  }

  test('accounts have turns one after the other, however much each has queued (run 22)', async () => {
    await open()
    await joined(one, 20)
    expect(await turns(3)).toEqual([one, one, one])
    await joined(other, 3)
    await joined(third, 2)
    // Each newcomer after no more runs than there are accounts with something queued.
    expect(await turns(9)).toEqual([other, third, one, other, third, one, other, one, one])
  })

  test('an account that comes again and again has no more turns than one that waits (run 22)', async () => {
    await open()
    await joined(one, 10)
    const seen: (string | undefined)[] = []
    for (let n = 0; n < 4; n++) {
      await joined(other, 1)
      seen.push(...(await turns(2)))
    }
    expect(seen.filter((account) => account === other)).toHaveLength(4)
    expect(seen.filter((account) => account === one)).toHaveLength(4)
  })

  test('an account of weight 3 has three turns for one of another, and a newcomer waits no longer (run 22)', async () => {
    await open({ shares: { [one]: { limit: null, weight: 3 } } })
    await joined(one, 30)
    await joined(other, 30)
    const seen = await turns(16)
    expect(seen.filter((account) => account === one)).toHaveLength(12)
    await joined(third, 1)
    expect((await turns(3)).includes(third)).toBe(true)
  })

  test('within an account the highest priority is first, then the first that came (run 23)', async () => {
    await open()
    const [low, first, second, high] = [newJob(one), newJob(one), newJob(one), newJob(one)]
    await join({ ...low, priority: -100 }, first, second, { ...high, priority: 100 })
    expect(await held(4)).toEqual([high, first, second, low])
  })

  test('a priority says nothing across accounts (run 23)', async () => {
    await open()
    await join(...[newJob(one), newJob(one)].map((job) => ({ ...job, priority: 100 })), newJob(other))
    expect(await turns(3)).toEqual([one, other, one])
  })

  test('many that came in one moment keep their order (run 23)', async () => {
    await open()
    const jobs = await joined(one, 50)
    expect(await held(50)).toEqual(jobs)
  })

  test('a job that was in its line before stands there by its time, not behind those that came since (run 23)', async () => {
    await open()
    const [before, after] = [newJob(one), newJob(one)]
    await join(after, { ...before, since: Date.now() - 60_000 })
    expect(await held(2)).toEqual([before, after])
  })

  test('jobs in hand are limited per account', async () => {
    await open({ limit: 2 })
    await joined(one, 4)
    await joined(other, 1)
    const seen = (await held(5)).map((job) => job?.key.account ?? null)
    expect(seen).toEqual([one, other, one, null, null])
  })

  test('a limit of its own replaces that of every account', async () => {
    await open({ limit: 1, shares: { [one]: { limit: 3, weight: 1 } } })
    await joined(one, 4)
    await joined(other, 2)
    const seen = (await held(6)).map((job) => job?.key.account ?? null)
    expect(seen).toEqual([one, other, one, one, null, null])
  })

  test('a place that is given up goes to the first in line, and a newcomer does not overtake', async () => {
    await open({ limit: 1 })
    const [first, second, third] = [newJob(one), newJob(one), newJob(one)]
    await join(first, second)
    expect(await takeAt('a')).toEqual(first)
    expect(await take()).toBeNull()
    await join(third)
    // Adding again costs no one their place.
    await join(second)
    await engine.fair.finish('a')
    expect(await takeAt('b')).toEqual(second)
    await engine.fair.finish('b')
    expect(await takeAt('c')).toEqual(third)
  })

  test('a place keeps its job until it is finished; another job of the same run is another', async () => {
    await open({ limit: 1 })
    const job = newJob(one)
    await join(job)
    expect([await takeAt('a'), await takeAt('a')]).toEqual([job, job])
    // In hand, so adding it changes nothing.
    await join(job, { ...job, wake: 2 })
    expect(await take()).toBeNull()
    await engine.fair.finish('a')
    expect(await takeAt('a')).toEqual({ ...job, wake: 2 })
    await engine.fair.finish('a')
    expect(await takeAt('a')).toBeNull()
  })

  test('a job that is in line or in hand is added once, and again when it is done', async () => {
    await open()
    const job = newJob(one)
    await join(job, job)
    expect(await takeAt('a')).toEqual(job)
    await join(job)
    expect(await take()).toBeNull()
    await engine.fair.finish('a')
    await join(job)
    expect(await take()).toEqual(job)
  })

  // The worker died between its turn and its claim, and its token is lost, too.
  test('the job of a place whose lease is over is back where it stood; a renewed one is not (run 24)', async () => {
    await open({ limit: 2, leaseMs: 300 })
    const [dies, lives, waits] = [newJob(one), newJob(one), newJob(one)]
    await join(dies, lives, waits)
    expect([await takeAt('dies'), await takeAt('lives'), await take()]).toEqual([dies, lives, null])
    await vi.waitFor(
      async () => {
        expect(await engine.fair.renew('lives')).toBe(true)
        await engine.fair.sweep()
        expect(await take()).toEqual(dies)
      },
      { interval: 20, timeout: 5000 },
    )
    expect(await engine.fair.renew('dies')).toBe(false)
    await engine.fair.renew('lives')
    expect(await take()).toBeNull()
  })

  test('an account whose last job goes while another joins keeps its turn and gets no second one (run 22)', async () => {
    await open({ limit: 1 })
    const [last, joins] = [newJob(one), newJob(one)]
    await join(last, newJob(other))
    expect(await takeAt('a')).toEqual(last)
    // In either order: the line is empty for a moment, or it is not.
    await Promise.all([engine.fair.finish('a'), join(joins)])
    expect(await turns(3)).toEqual([other, one, undefined])
  })

  test('0 is no limit', async () => {
    await open()
    await joined(one, 100)
    expect(await held(100)).not.toContain(null)
  })

  test('what a worker asks late, whose place another has by now, changes nothing (run 24)', async () => {
    await open({ limit: 1 })
    const [first, second] = await joined(one, 2)
    expect((await engine.fair.take('shared', 1))?.job).toEqual(first)
    await engine.fair.finish('shared', 1)
    // The reply to that is lost, and BullMQ gives the place to another worker before it is sent again.
    expect((await engine.fair.take('shared', 2))?.job).toEqual(second)
    await engine.fair.finish('shared', 1)
    expect(await engine.fair.renew('shared', 1)).toBe(false)
    expect(await engine.fair.take('shared', 1)).toBeNull()
    // A sweep that puts the job back where it is in hand would have it taken from a healthy worker.
    await join(second as Job)
    expect(await take()).toBeNull()
    expect(await engine.fair.renew('shared', 2)).toBe(true)
    await engine.fair.finish('shared', 2)
    await joined(one, 1)
    expect(await take()).not.toBeNull()
  })

  test('a queue that is empty has no turn for anybody', async () => {
    await open()
    expect(await take()).toBeNull()
    await engine.fair.finish('nobody')
    expect(await engine.fair.renew('nobody')).toBe(false)
  })
})

test.each(sharedEngines)('two processes on one %s share turns, places and limits', async (_name, open) => {
  const here = await open({ runningDispatches: 1 })
  const there = await here.elsewhere()
  const [first, second] = [newJob(one), newJob(one)]
  await there.queue.add(first)
  await here.queue.add(second)
  expect((await here.fair.take('a'))?.job).toEqual(first)
  expect(await there.fair.take('b')).toBeNull()
  await here.fair.finish('a')
  expect((await there.fair.take('b'))?.job).toEqual(second)
  await there.fair.finish('b')
})
