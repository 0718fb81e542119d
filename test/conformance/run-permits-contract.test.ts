import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { Job } from '../../src/dispatch/schedule/queue.ts'
import { permitLeases } from '../../src/engines/engine.ts'
import type { AccountId } from '../../src/kernel/ids.ts'
import { ids } from '../support/run/runs.ts'
import { type Engine, type EnginePlace, engines, openEngine, sharedEngines } from './engines.ts'

let accounts = 0
const newAccount = () => `account-${++accounts}` as AccountId
const newJob = (account: AccountId, wake = 1): Job => ({ key: { account, channel: ids.channelId() }, wake })

describe.each(engines)('running permits on %s', (_name, _open, start) => {
  let place: EnginePlace
  let engine: Engine
  beforeAll(async () => {
    place = await start()
  })

  const open = async ({ limit, leaseMs }: { readonly limit: number; readonly leaseMs: number }) => {
    engine = await openEngine(place.env, { runningDispatches: limit, leaseMs: Math.ceil(leaseMs / permitLeases) })
    return engine.permits
  }
  const leaseMs = 60_000

  test('are limited per account', async () => {
    const permits = await open({ limit: 2, leaseMs })
    const [account, other] = [newAccount(), newAccount()]
    const taken = []
    for (let n = 0; n < 4; n++) taken.push(await permits.acquire(newJob(account)))
    expect(taken).toEqual([true, true, false, false])
    expect(await permits.acquire(newJob(other))).toBe(true)
  })

  test('a released permit goes to the first in line, and a newcomer does not overtake', async () => {
    const permits = await open({ limit: 1, leaseMs })
    const account = newAccount()
    const [first, second, third, newcomer] = [newJob(account), newJob(account), newJob(account), newJob(account)]
    await permits.acquire(first)
    await permits.acquire(second)
    await permits.acquire(third)
    // Asking again costs no one their place.
    expect(await permits.acquire(second)).toBe(false)
    expect(await permits.release(first)).toEqual([second])
    expect(await permits.acquire(newcomer)).toBe(false)
    expect(await permits.acquire(third)).toBe(false)
    expect(await permits.acquire(second)).toBe(true)
    expect(await permits.release(second)).toEqual([third])
    expect(await permits.acquire(third)).toBe(true)
    expect(await permits.release(third)).toEqual([newcomer])
  })

  test('the same job keeps its permit; another job of the same run has none', async () => {
    const permits = await open({ limit: 1, leaseMs })
    const job = newJob(newAccount())
    expect(await permits.acquire(job)).toBe(true)
    expect(await permits.acquire(job)).toBe(true)
    expect(await permits.acquire({ ...job, wake: 2 })).toBe(false)
    expect(await permits.release(job)).toEqual([{ ...job, wake: 2 }])
  })

  test('the permit of a dead worker is free after its lease; a renewed permit is not', async () => {
    const permits = await open({ limit: 2, leaseMs: 300 })
    const account = newAccount()
    const [dies, lives, waits, waitsToo] = [newJob(account), newJob(account), newJob(account), newJob(account)]
    for (const job of [dies, lives, waits, waitsToo]) await permits.acquire(job)
    const turns = async () => (await permits.grantable()).filter(({ key }) => key.account === account)
    expect(await turns()).toEqual([])
    await vi.waitFor(
      async () => {
        await permits.renew(lives)
        expect(await turns()).toEqual([waits])
      },
      { interval: 20 },
    )
    expect(await permits.acquire(waits)).toBe(true)
    expect(await permits.acquire(waitsToo)).toBe(false)
  })

  test('the line is known, and runs leave it when they start', async () => {
    const permits = await open({ limit: 1, leaseMs })
    const account = newAccount()
    const [first, second] = [newJob(account), newJob(account)]
    await permits.acquire(first)
    await permits.acquire(second)
    expect([await permits.isInLine(first), await permits.isInLine(second)]).toEqual([false, true])
    await permits.release(first)
    await permits.acquire(second)
    expect(await permits.isInLine(second)).toBe(false)
    expect(await permits.release(second)).toEqual([])
  })

  test('0 is no limit', async () => {
    const permits = await open({ limit: 0, leaseMs })
    const account = newAccount()
    for (let n = 0; n < 100; n++) expect(await permits.acquire(newJob(account))).toBe(true)
  })
})

test.each(sharedEngines)('two processes on one %s share the permits', async (_name, open) => {
  const one = await open({ runningDispatches: 1 })
  const two = await one.elsewhere()
  const account = newAccount()
  const [first, second] = [newJob(account), newJob(account)]
  expect(await one.permits.acquire(first)).toBe(true)
  expect(await two.permits.acquire(second)).toBe(false)
  expect(await one.permits.release(first)).toEqual([second])
  expect(await one.permits.acquire(second)).toBe(true)
  expect(await two.permits.release(second)).toEqual([])
})
