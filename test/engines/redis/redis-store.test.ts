import { expect, test } from 'vitest'
import { localAccount } from '../../../src/kernel/ids.ts'
import { connectRedisEngine } from '../../support/redis/redis-engine.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { ids } from '../../support/run/runs.ts'

test('removed resources leave only the count of places in Redis', async () => {
  const server = await startRedis()
  const { store, redis } = await connectRedisEngine(server.url)
  const dataset = {
    id: ids.resourceId('dataset'),
    fields: { name: null, description: null },
    records: [{ id: ids.resourceId('record'), text: 'text', meta: { a: 1 } }],
  }
  const secret = { id: ids.resourceId('secret'), fields: { name: 'a', type: 'plain', sealed: 'v1' } } as const
  const collections = {
    datasets: { account: localAccount, kind: 'dataset' },
    secrets: { account: localAccount, kind: 'secret' },
  } as const
  await store.create(collections.datasets, dataset)
  await store.create(collections.secrets, secret)
  const before = await redis.keys('bc:{s/*')
  // A cluster keeps an account's resources of one kind in one place, where scripts can reach them together.
  expect(new Set(before.map((key) => /\{.*?\}/.exec(key)?.[0]))).toEqual(
    new Set(['{s/local/dataset}', '{s/local/secret}']),
  )
  expect(before).toHaveLength(10)
  await store.remove(collections.datasets, dataset.id)
  await store.remove(collections.secrets, secret.id)
  expect((await redis.keys('bc:{s/*')).sort()).toEqual(['bc:{s/local/dataset}:counter', 'bc:{s/local/secret}:counter'])
})
