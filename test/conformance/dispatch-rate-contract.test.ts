import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { AccountId } from '../../src/kernel/ids.ts'
import { type Engine, type EnginePlace, engines, openEngine, sharedEngines } from './engines.ts'

let accounts = 0
const newAccount = () => `account-${++accounts}` as AccountId

describe.each(engines)('the rate of dispatches on %s', (_name, _open, start) => {
  let place: EnginePlace
  let engine: Engine
  beforeAll(async () => {
    place = await start()
  })

  const open = async (dispatchesPerMinute: number) => {
    engine = await openEngine(place.env, { dispatchesPerMinute })
    return engine.rate
  }

  test('accepts a minute’s worth at once, then says how long to wait; accounts are independent', async () => {
    const rate = await open(3)
    const account = newAccount()
    for (let n = 0; n < 3; n++) expect(await rate.take(account)).toBeNull()
    const waitMs = await rate.take(account)
    expect(waitMs).toBeGreaterThan(15_000)
    expect(waitMs).toBeLessThanOrEqual(20_000)
    expect(await rate.take(newAccount())).toBeNull()
  })

  test('accepts the next one after its share of the minute; refused ones do not count', async () => {
    // One each 200 ms.
    const rate = await open(300)
    const account = newAccount()
    await Promise.all(Array.from({ length: 300 }, () => rate.take(account)))
    const refused = await Promise.all(Array.from({ length: 50 }, () => rate.take(account)))
    expect(refused.filter((waitMs) => waitMs !== null).length).toBeGreaterThan(45)
    await vi.waitFor(async () => expect(await rate.take(account)).toBeNull(), { timeout: 400, interval: 20 })
  })

  test('0 is no limit', async () => {
    const rate = await open(0)
    const account = newAccount()
    for (let n = 0; n < 100; n++) expect(await rate.take(account)).toBeNull()
  })
})

test.each(sharedEngines)('two processes on one %s count together', async (_name, open) => {
  const one = await open({ dispatchesPerMinute: 2 })
  const two = await one.elsewhere()
  const account = newAccount()
  expect([await one.rate.take(account), await two.rate.take(account)]).toEqual([null, null])
  expect(await one.rate.take(account)).toBeGreaterThan(25_000)
})
