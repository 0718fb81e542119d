import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { channelKeys } from '../../../src/engines/redis/keys.ts'
import type { AccountId } from '../../../src/kernel/ids.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { ids } from '../../support/run/runs.ts'
import { startProcess } from '../../support/service/start-process.ts'
import { startService } from '../../support/service/start-service.ts'
import { collect, dispatch, graphql, watchWebsocket } from '../../support/watching/watchers.ts'

const leaseMs = 1500

/** This process, which is the worker under test, does nothing else meanwhile, as in a long computation. */
function blockLoop(ms: number, until = new Int32Array(new SharedArrayBuffer(4))): void {
  Atomics.wait(until, 0, 0, ms)
}

const watching = `
const { workerData: { url, key, flag } } = require('node:worker_threads')
const redis = new (require('ioredis').Redis)(url)
const look = async () => {
  if ((await redis.hget(key, 'attempt')) === '1') return void setTimeout(look, 50)
  Atomics.store(flag, 0, 1)
  Atomics.notify(flag, 0)
  redis.disconnect()
}
look()`

/** What ends a block: a thread sees in Redis that a second attempt has begun. */
function takenOver(url: string, key: string): Int32Array<SharedArrayBuffer> {
  const flag = new Int32Array(new SharedArrayBuffer(4))
  opened(new Worker(watching, { eval: true, env: {}, execArgv: [], workerData: { url, key, flag } }), (it) =>
    it.terminate(),
  )
  return flag
}

test('a worker whose event loop is blocked keeps its runs; one that has hung loses them and cannot write any more', async () => {
  const redis = await startRedis()
  const env = { REDIS_URL: redis.url, LEASE_MS: String(leaseMs) }
  const service = await startService({ redisUrl: redis.url, env })
  const channelId = ids.channelId()
  const events = watchWebsocket(service, { channelId })
  await dispatch(service, { channelId, model: 'demo/delayMs=20/words=300' })
  const attempts = async () => {
    const query = 'query ($id: ID!) { dispatch(channelId: $id) { attempts } }'
    const { data } = await graphql<{ dispatch: { attempts: number } }>(service, query, { id: channelId })
    return data.dispatch.attempts
  }
  let isBegun = false
  for await (const event of events) {
    if (event.text === undefined || isBegun) continue
    isBegun = true
    await startProcess('worker', env)
    blockLoop(2 * leaseMs)
    expect(await attempts()).toBe(1)
    blockLoop(60_000, takenOver(redis.url, channelKeys({ account: 'local' as AccountId, channel: channelId }).run))
  }
  expect(await attempts()).toBe(2)
  // What this worker would still say about the run that it has lost would come by now.
  await sleep(leaseMs)
  const kinds = (await collect(watchWebsocket(service, { channelId }))).map(({ __typename }) => __typename)
  const counted = (kind: string) => kinds.filter((each) => each === kind).length
  expect(['DispatchStarted', 'MessageDiscarded', 'MessageCompleted', 'DispatchCompleted'].map(counted)).toEqual([
    2, 1, 1, 1,
  ])
  expect(kinds.at(-1)).toBe('DispatchCompleted')
})
