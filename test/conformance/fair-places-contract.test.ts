import { describe, expect, test, vi } from 'vitest'
import type { Consumer, Job } from '../../src/dispatch/schedule/queue.ts'
import type { AccountId, ChannelKey } from '../../src/kernel/ids.ts'
import { opened } from '../support/lifetime/opened.ts'
import { ids } from '../support/run/runs.ts'
import { type Engine, type EnginePlace, engines, openEngine, sharedEngines } from './engines.ts'

const twoAccounts = { API_KEYS: 'acme:acme-key-0123456789,beta:beta-key-0123456789' }
const keyOf = (account: string): ChannelKey => ({ account: account as AccountId, channel: ids.channelId() })

/** A worker whose runs go on until they are let go. */
function startHolding(engine: Engine, concurrency: number) {
  const running: Job[] = []
  const { promise: letGo, resolve } = Promise.withResolvers<void>()
  const hold = async (job: Job) => {
    running.push(job)
    await letGo
    return 'done' as const
  }
  const consumer: Consumer = engine.consume(hold, concurrency)
  const of = (account: string) => running.filter(({ key }) => key.account === account).length
  return opened({
    of,
    all: () => running.length,
    async close() {
      resolve()
      await consumer.close()
    },
  })
}

describe.each(engines)('the places of workers on %s', (_name, _open, start) => {
  let place: EnginePlace

  const open = async (env: Readonly<Record<string, string>>) => {
    place = await start()
    return openEngine({ ...place.env, ...env })
  }

  // Nobody says how fast the runs of acme are: not one of them has ended when the one of beta begins.
  test('1,000 queued dispatches of an account leave places for a dispatch of another', async () => {
    const engine = await open({ ...twoAccounts, WORKER_CONCURRENCY: '5' })
    for (let n = 0; n < 1000; n++) await engine.queue.add({ key: keyOf('acme'), wake: 1 })
    const worker = startHolding(engine, 5)
    await vi.waitFor(() => expect(worker.of('acme')).toBe(4), { timeout: 5000 })
    await engine.queue.add({ key: keyOf('beta'), wake: 1 })
    await vi.waitFor(() => expect(worker.of('beta')).toBe(1), { timeout: 20_000 })
    expect(worker.of('acme')).toBe(4)
  })

  test('RUNNING_DISPATCHES replaces the share of an account', async () => {
    const engine = await open({ ...twoAccounts, WORKER_CONCURRENCY: '5', RUNNING_DISPATCHES: '0' })
    for (let n = 0; n < 6; n++) await engine.queue.add({ key: keyOf('acme'), wake: 1 })
    const worker = startHolding(engine, 5)
    await vi.waitFor(() => expect(worker.of('acme')).toBe(5), { timeout: 5000 })
  })

  test('one place is every account’s in turn', async () => {
    const engine = await open({ ...twoAccounts, WORKER_CONCURRENCY: '1' })
    await engine.queue.add({ key: keyOf('acme'), wake: 1 })
    const worker = startHolding(engine, 1)
    await vi.waitFor(() => expect(worker.of('acme')).toBe(1), { timeout: 5000 })
  })
})

test('the embedded engine without API_KEYS gives its one account all places', async () => {
  const engine = await openEngine({ WORKER_CONCURRENCY: '5' })
  for (let n = 0; n < 6; n++) await engine.queue.add({ key: keyOf('local'), wake: 1 })
  const worker = startHolding(engine, 5)
  await vi.waitFor(() => expect(worker.of('local')).toBe(5))
})

test.each(sharedEngines)(
  'the places of all workers on %s count, and those of a closed one do not',
  async (_name, open) => {
    const one = await open()
    const two = await one.elsewhere()
    const workers = [startHolding(one, 5), startHolding(two, 5)] as const
    // All places of the workers are taken, so what they do not take is there for places of our own.
    for (let n = 0; n < 10; n++) await one.queue.add({ key: keyOf(`plug-${n}`), wake: 1 })
    await vi.waitFor(() => expect(workers[0].all() + workers[1].all()).toBe(10), { timeout: 5000 })
    let accounts = 0
    const taken = async () => {
      const account = `account-${++accounts}`
      const places = Array.from({ length: 10 }, (_, n) => `${account}-${n}`)
      await Promise.all(places.map(() => one.queue.add({ key: keyOf(account), wake: 1 })))
      const jobs = await Promise.all(places.map((place) => one.fair.take(place)))
      await Promise.all(places.map((place) => one.fair.finish(place)))
      while ((await one.fair.take('rest')) !== null) await one.fair.finish('rest')
      return jobs.filter((taken) => taken?.job.key.account === account).length
    }
    await vi.waitFor(async () => expect(await taken()).toBe(8), { timeout: 20_000 })
    await workers[1].close()
    await vi.waitFor(async () => expect(await taken()).toBe(4), { timeout: 20_000 })
  },
)
