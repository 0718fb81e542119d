import { expect, test } from 'vitest'
import { connectRedis } from '../../../../src/engines/redis/connection.ts'
import { createBullmqConsumer, createBullmqTokens } from '../../../../src/engines/redis/schedule/bullmq-queue.ts'
import { opened } from '../../../support/lifetime/opened.ts'
import { startRedis } from '../../../support/redis/redis-server.ts'
import { newKey } from '../../../support/run/runs.ts'

test('a job that a fetch under way brings to a draining worker goes to another worker at once', async () => {
  const { url } = await startRedis()
  const connect = async () =>
    opened(await connectRedis({ url, name: 'test', patience: 'patient', onError: () => {} }), (it) => it.disconnect())
  const leases = { hold: () => () => {}, close: async () => {} }
  const seen: string[] = []
  const consume = async (name: string) => {
    const redis = await connect()
    const taken = { job: { key: newKey(), wake: 1 }, waitedMs: 0 }
    const fair = { join: async () => {}, take: async () => taken, renew: async () => true, finish: async () => {} }
    const options = {
      redis,
      concurrency: 2,
      leaseMs: 30_000,
      leases,
      graceMs: 0,
      fair,
      onTurn: () => {},
      onError: () => {},
    }
    const handle = async () => {
      seen.push(name)
      return 'done' as const
    }
    return { redis, consumer: opened(createBullmqConsumer({ ...options, handle })) }
  }
  const tokens = opened(createBullmqTokens(await connect(), () => 'first'))
  const { redis, consumer } = await consume('draining')
  // The script that takes a job is the first that is called once a job waits. Draining begins while it is under way.
  await new Promise((resolve) => setTimeout(resolve, 200))
  const send = redis.sendCommand.bind(redis)
  let isDraining = false
  redis.sendCommand = (command, ...rest) => {
    const sent = send(command, ...rest)
    if (!isDraining && command.name.startsWith('eval')) consumer.drain()
    isDraining ||= command.name.startsWith('eval')
    return sent
  }
  await tokens.add()
  await expect.poll(() => isDraining).toBe(true)
  await consume('other')
  await expect.poll(() => seen, { timeout: 10_000 }).toEqual(['other'])
})
