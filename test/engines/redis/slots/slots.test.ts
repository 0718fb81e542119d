import { expect, test } from 'vitest'
import { createRedisChannelReads } from '../../../../src/engines/redis/channel/channel.ts'
import { connectRedis } from '../../../../src/engines/redis/connection.ts'
import { createRedisUsedToday } from '../../../../src/engines/redis/limits/used-today.ts'
import { createRedisRunStore } from '../../../../src/engines/redis/run/run-store.ts'
import { createRedisStandings } from '../../../../src/engines/redis/standing/standings.ts'
import { createRedisRecordStore } from '../../../../src/engines/redis/store/record-store.ts'
import { opened } from '../../../support/lifetime/opened.ts'
import { startRedis } from '../../../support/redis/redis-server.ts'
import { recordSlots, spanning } from '../../../support/redis/slots.ts'
import { ids, newKey } from '../../../support/run/runs.ts'
import { scriptSteps } from '../needs/script-steps.ts'

test('what a script or a pipeline touches in several slots of a cluster is what the table says, and no more', async () => {
  const server = await startRedis()
  const { spans } = opened(recordSlots(), (it) => it.stop())
  const connection = await connectRedis({ url: server.url, name: 'test', patience: 'impatient', onError: () => {} })
  const redis = opened(connection, (it) => it.disconnect())
  for (const { prepare, call } of scriptSteps(redis)) {
    await redis.flushall()
    await prepare()
    await call()
  }
  const key = newKey()
  const retention = { logSeconds: 60, recordSeconds: 120 }
  const runs = createRedisRunStore(redis, retention, { log: { maxEntries: 100, maxBytes: 10_000 }, accountBytes: 0 })
  await Promise.all([runs.find([key]), runs.facts(key)])
  const reads = createRedisChannelReads(redis)
  await reads.read(key, null, { maxEntries: null, maxBytes: 100 })
  await reads.heads([key, newKey()])
  await createRedisUsedToday(redis).of(key.account)
  await createRedisStandings(redis).of(key.account)
  await createRedisRecordStore(redis, 0).page({ account: key.account, dataset: ids.resourceId('dataset') }, null, 5)
  expect(Object.fromEntries([...spans].filter(([, span]) => span !== '').toSorted())).toEqual(spanning)
  const inOne = [...spans].filter(([, span]) => span === '').map(([name]) => name)
  expect(inOne).toEqual(expect.arrayContaining(['find', 'wait', 'facts', 'Read', 'DueMove', 'fair-take']))
})
