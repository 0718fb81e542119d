import type { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { RunningSlotsOptions } from '../../src/dispatch/limits/running-slots.ts'
import type { Job } from '../../src/dispatch/schedule/queue.ts'
import { createMemoryRunningSlots } from '../../src/engines/memory/running-slots.ts'
import { connectRedis } from '../../src/engines/redis/connection.ts'
import { createRedisRunningSlots } from '../../src/engines/redis/limits/running-slots.ts'
import type { AccountId } from '../../src/kernel/ids.ts'
import { type RedisServer, startRedis } from '../support/redis/redis-server.ts'
import { ids } from '../support/run/runs.ts'

let server: RedisServer
let redis: Redis
beforeAll(async () => {
  server = await startRedis()
  redis = await connectRedis({ url: server.url, name: 'test', patience: 'patient', onError: () => {} })
})
afterAll(async () => {
  redis.disconnect()
  await server.stop()
})

let accounts = 0
const newAccount = () => `account-${++accounts}` as AccountId
const newJob = (account: AccountId, wake = 1): Job => ({ key: { account, channel: ids.channelId() }, wake })

describe.each([
  ['memory', (options: RunningSlotsOptions) => createMemoryRunningSlots(options, () => Date.now())],
  ['Redis', (options: RunningSlotsOptions) => createRedisRunningSlots(redis, options)],
])('running slots on %s', (_name, open) => {
  const leaseMs = 60_000

  test('are as many as the limit, for each account by itself', async () => {
    const slots = open({ limit: 2, leaseMs })
    const [account, other] = [newAccount(), newAccount()]
    const taken = []
    for (let n = 0; n < 4; n++) taken.push(await slots.take(newJob(account)))
    expect(taken).toEqual([true, true, false, false])
    expect(await slots.take(newJob(other))).toBe(true)
  })

  test('a slot that is left goes to the first in line, and a newcomer does not overtake those who stand there', async () => {
    const slots = open({ limit: 1, leaseMs })
    const account = newAccount()
    const [first, second, third, newcomer] = [newJob(account), newJob(account), newJob(account), newJob(account)]
    await slots.take(first)
    await slots.take(second)
    await slots.take(third)
    // Asking again costs no one their place.
    expect(await slots.take(second)).toBe(false)
    expect(await slots.leave(first)).toEqual([second])
    expect(await slots.take(newcomer)).toBe(false)
    expect(await slots.take(third)).toBe(false)
    expect(await slots.take(second)).toBe(true)
    expect(await slots.leave(second)).toEqual([third])
    expect(await slots.take(third)).toBe(true)
    expect(await slots.leave(third)).toEqual([newcomer])
  })

  test('the same job has its slot already, another job of the same run has not', async () => {
    const slots = open({ limit: 1, leaseMs })
    const job = newJob(newAccount())
    expect(await slots.take(job)).toBe(true)
    expect(await slots.take(job)).toBe(true)
    expect(await slots.take({ ...job, wake: 2 })).toBe(false)
    expect(await slots.leave(job)).toEqual([{ ...job, wake: 2 }])
  })

  test('the slot of a worker that died is free when its lease is over, and one that is kept is not', async () => {
    const slots = open({ limit: 2, leaseMs: 300 })
    const account = newAccount()
    const [dies, lives, waits, waitsToo] = [newJob(account), newJob(account), newJob(account), newJob(account)]
    for (const job of [dies, lives, waits, waitsToo]) await slots.take(job)
    const turns = async () => (await slots.turns()).filter(({ key }) => key.account === account)
    expect(await turns()).toEqual([])
    await vi.waitFor(
      async () => {
        await slots.keep(lives)
        expect(await turns()).toEqual([waits])
      },
      { interval: 20 },
    )
    expect(await slots.take(waits)).toBe(true)
    expect(await slots.take(waitsToo)).toBe(false)
  })

  test('who stands in line is known, and is forgotten once they run', async () => {
    const slots = open({ limit: 1, leaseMs })
    const account = newAccount()
    const [first, second] = [newJob(account), newJob(account)]
    await slots.take(first)
    await slots.take(second)
    expect([await slots.stands(first), await slots.stands(second)]).toEqual([false, true])
    await slots.leave(first)
    await slots.take(second)
    expect(await slots.stands(second)).toBe(false)
    expect(await slots.leave(second)).toEqual([])
  })

  test('0 is no limit', async () => {
    const slots = open({ limit: 0, leaseMs })
    const account = newAccount()
    for (let n = 0; n < 100; n++) expect(await slots.take(newJob(account))).toBe(true)
  })
})

test('two processes on one Redis share the slots, and nothing of them stays', async () => {
  const [one, two] = [0, 1].map(() => createRedisRunningSlots(redis, { limit: 1, leaseMs: 60_000 }))
  const account = newAccount()
  const [first, second] = [newJob(account), newJob(account)]
  expect(await one?.take(first)).toBe(true)
  expect(await two?.take(second)).toBe(false)
  expect(await one?.leave(first)).toEqual([second])
  expect(await one?.take(second)).toBe(true)
  await two?.leave(second)
  await two?.turns()
  expect(await redis.keys(`*${account}*`)).toEqual([])
  expect(await redis.smembers('bc:lines')).not.toContain(account)
})
