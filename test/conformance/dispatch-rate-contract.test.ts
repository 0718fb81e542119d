import type { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createMemoryDispatchRate } from '../../src/engines/memory/dispatch-rate.ts'
import { connectRedis } from '../../src/engines/redis/connection.ts'
import { createRedisDispatchRate } from '../../src/engines/redis/limits/dispatch-rate.ts'
import type { AccountId } from '../../src/kernel/ids.ts'
import { type RedisServer, startRedis } from '../support/redis/redis-server.ts'

let server: RedisServer
let redis: Redis
beforeAll(async () => {
  server = await startRedis()
  redis = await connectRedis({ url: server.url, name: 'test', patience: 'impatient', onError: () => {} })
})
afterAll(async () => {
  redis.disconnect()
  await server.stop()
})

let accounts = 0
const newAccount = () => `account-${++accounts}` as AccountId

describe.each([
  ['memory', (perMinute: number) => createMemoryDispatchRate(perMinute, () => Date.now())],
  ['Redis', (perMinute: number) => createRedisDispatchRate(redis, perMinute)],
])('the rate of dispatches on %s', (_name, open) => {
  test('takes a minute’s worth at once, then tells how long the next has to wait; each account by itself', async () => {
    const rate = open(3)
    const account = newAccount()
    for (let n = 0; n < 3; n++) expect(await rate.take(account)).toBeNull()
    const waitMs = await rate.take(account)
    expect(waitMs).toBeGreaterThan(15_000)
    expect(waitMs).toBeLessThanOrEqual(20_000)
    expect(await rate.take(newAccount())).toBeNull()
  })

  test('takes the next when its share of the minute is over, and what was refused is not counted', async () => {
    // One each 200 ms.
    const rate = open(300)
    const account = newAccount()
    await Promise.all(Array.from({ length: 300 }, () => rate.take(account)))
    const refused = await Promise.all(Array.from({ length: 50 }, () => rate.take(account)))
    expect(refused.filter((waitMs) => waitMs !== null).length).toBeGreaterThan(45)
    await vi.waitFor(async () => expect(await rate.take(account)).toBeNull(), { timeout: 400, interval: 20 })
  })

  test('0 is no limit', async () => {
    const rate = open(0)
    const account = newAccount()
    for (let n = 0; n < 100; n++) expect(await rate.take(account)).toBeNull()
  })
})

test('two processes on one Redis count together, and what they counted goes when it is used up', async () => {
  const [one, two] = [0, 1].map(() => createRedisDispatchRate(redis, 2))
  const account = newAccount()
  expect([await one?.take(account), await two?.take(account)]).toEqual([null, null])
  expect(await one?.take(account)).toBeGreaterThan(25_000)
  expect(await redis.pttl(`bc:rate:${account}`)).toBeGreaterThan(50_000)
  expect(await redis.pttl(`bc:rate:${account}`)).toBeLessThanOrEqual(60_000)
})
