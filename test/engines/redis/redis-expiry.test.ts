import { expect, test } from 'vitest'
import { channelKeys, rateKey } from '../../../src/engines/redis/keys.ts'
import { openEngine } from '../../conformance/engines.ts'
import { connectRedisEngine } from '../../support/redis/redis-engine.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { ids, newKey, newRun } from '../../support/run/runs.ts'

test('messages published before a dispatch do not expire while it runs', async () => {
  const server = await startRedis()
  const engine = await connectRedisEngine(server.url)
  const key = newKey()
  await engine.results.publish(key, { message: { n: 1 }, tag: 't', epoch: 'e' })
  const { log, facts, head } = channelKeys(key)
  const ttls = () => Promise.all([log, facts, head].map((name) => engine.redis.ttl(name)))
  expect(Math.min(...(await ttls()))).toBeGreaterThan(0)
  await engine.runs.create(key, newRun())
  expect(await ttls()).toEqual([-1, -1, -1])
})

test('the used rate of an account expires when its bucket is full again', async () => {
  const server = await startRedis()
  const engine = await connectRedisEngine(server.url)
  const limited = await openEngine({ REDIS_URL: server.url }, { dispatchesPerMinute: 2 })
  const { account } = newKey()
  for (let n = 0; n < 2; n++) await limited.rate.take(account)
  expect(await engine.redis.pttl(rateKey(account))).toBeGreaterThan(50_000)
  expect(await engine.redis.pttl(rateKey(account))).toBeLessThanOrEqual(60_000)
})

test('nothing of the fair queue remains in Redis of an account that runs nothing and waits for nothing', async () => {
  const server = await startRedis()
  const engine = await connectRedisEngine(server.url)
  const limited = await openEngine({ REDIS_URL: server.url }, { runningDispatches: 1 })
  const { account } = newKey()
  const [first, second] = [0, 1].map(() => ({ key: { account, channel: ids.channelId() }, wake: 1 }))
  if (first === undefined || second === undefined) throw new Error('There are two.')
  for (const job of [first, second]) await limited.queue.add(job)
  expect((await limited.fair.take('a'))?.job).toEqual(first)
  await limited.fair.finish('a')
  expect((await limited.fair.take('b'))?.job).toEqual(second)
  await limited.fair.finish('b')
  expect(await engine.redis.keys(`*${account}*`)).toEqual([])
  const left = ['seats', 'lines', 'queued', 'places', 'leases', 'taken', 'running', 'shares', 'traces', 'counted']
  expect(await engine.redis.exists(...left.map((name) => `{bc}:fair:${name}`))).toBe(0)
})
