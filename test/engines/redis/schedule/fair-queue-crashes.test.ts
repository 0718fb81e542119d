import { Queue as BullQueue, Worker } from 'bullmq'
import { expect, test, vi } from 'vitest'
import { connectRedis } from '../../../../src/engines/redis/connection.ts'
import {
  createRedisFairQueue,
  type RedisFairQueue,
  type Tokens,
} from '../../../../src/engines/redis/fair/fair-queue.ts'
import { createBullmqConsumer, createBullmqTokens } from '../../../../src/engines/redis/schedule/bullmq-queue.ts'
import { opened } from '../../../support/lifetime/opened.ts'
import { startRedis } from '../../../support/redis/redis-server.ts'
import { newKey } from '../../../support/run/runs.ts'

/** A queue of this release in a Redis of its own; `tokens` is what its processes add tokens with. */
async function open(changed: (tokens: Tokens) => Tokens = (tokens) => tokens) {
  const { url } = await startRedis()
  const connect = async () =>
    opened(await connectRedis({ url, name: 'test', patience: 'patient', onError: () => {} }), (it) => it.disconnect())
  const redis = await connect()
  let count = 0
  const tokens = opened(createBullmqTokens(redis, () => String(++count)))
  const fair = createRedisFairQueue(redis, {
    limit: async () => 0,
    shareOf: () => ({ limit: null, weight: 1 }),
    leaseMs: 60_000,
    limits: [],
    sweepMs: 1,
    tokens: changed(tokens),
    onError: () => {},
  })
  const begun: string[] = []
  const consume = async (over: Partial<RedisFairQueue> = {}) => {
    const leases = { hold: () => () => {}, close: async () => {} }
    const options = {
      redis: await connect(),
      concurrency: 1,
      leaseMs: 1000,
      leases,
      graceMs: 0,
      onTurn: () => {},
      onError: () => {},
    }
    const handle = async ({ key }: { readonly key: { readonly channel: string } }) => {
      begun.push(key.channel)
      return 'done' as const
    }
    return opened(createBullmqConsumer({ ...options, fair: { ...fair, ...over }, handle }))
  }
  return { connect, fair, consume, begun }
}

test('a worker that dies between its turn and its claim: the next one has the same job, before any other (run 24)', async () => {
  const { fair, consume, begun } = await open()
  const [first, second] = [newKey(), newKey()]
  const died = Promise.withResolvers<void>()
  const over = Promise.withResolvers<null>()
  // Its reply comes to nobody: it has the turn, and never says anything again.
  await consume({
    take: async (place) => {
      await fair.take(place)
      died.resolve()
      return over.promise
    },
  })
  await fair.join({ key: first, wake: 1 })
  await died.promise
  await fair.join({ key: second, wake: 1 })
  await consume()
  await vi.waitFor(() => expect(begun.toSorted()).toEqual([first.channel, second.channel].toSorted()), {
    timeout: 20_000,
  })
  over.resolve(null)
})

test('whoever joins a line and dies before adding a token: the sweep adds one (run 25)', async () => {
  let isDead = true
  const { fair, consume, begun } = await open((tokens) => ({
    ...tokens,
    add: async () => (isDead ? undefined : tokens.add()),
  }))
  const key = newKey()
  await fair.join({ key, wake: 1 })
  await consume()
  isDead = false
  await vi.waitFor(
    async () => {
      await fair.sweep()
      expect(begun).toEqual([key.channel])
    },
    { timeout: 20_000 },
  )
})

test('a worker of the release before finishes a token without doing anything, and a worker of this one has the job', async () => {
  const { connect, fair, consume, begun } = await open()
  const key = newKey()
  const swallowed = Promise.withResolvers<unknown>()
  const older = new Worker('runs', async ({ data }) => swallowed.resolve(data), {
    connection: await connect(),
    prefix: '{bc}',
  })
  older.on('error', () => {})
  await fair.join({ key, wake: 1 })
  expect(await swallowed.promise).toEqual({})
  await older.close()
  await consume()
  await vi.waitFor(
    async () => {
      await fair.sweep()
      expect(begun).toEqual([key.channel])
    },
    { timeout: 20_000 },
  )
})

test('a job that the release before has queued joins its line when a worker of this one gets it', async () => {
  const { connect, consume, begun } = await open()
  const { account, channel } = newKey()
  const older = opened(new BullQueue('runs', { connection: await connect(), prefix: '{bc}' }))
  await older.add('run', { account, channel, wake: 1 }, { jobId: `r.${account}.${channel}.1` })
  await consume()
  await vi.waitFor(() => expect(begun).toEqual([channel]), { timeout: 20_000 })
})
