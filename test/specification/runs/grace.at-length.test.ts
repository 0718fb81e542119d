import { beforeAll, expect, test, vi } from 'vitest'
import { type RedisServer, startRedis } from '../../support/redis/redis-server.ts'
import { type ServiceProcess, startProcess } from '../../support/service/start-process.ts'
import { collect, dispatch, type SeenEvent, watchWebsocket } from '../../support/watching/watchers.ts'
import { kindsOf, wholeRun } from '../../support/watching/whole-run.ts'

const asService = (api: ServiceProcess) => ({ url: api.url, wsUrl: api.wsUrl, close: async () => {} })

// Each starts several processes.
vi.setConfig({ testTimeout: 180_000 })

let redis: RedisServer
let api: ServiceProcess
let env: Record<string, string>
beforeAll(async () => {
  redis = await startRedis()
  env = { REDIS_URL: redis.url, LEASE_MS: '3000', RUNNING_DISPATCHES: '0' }
  api = await startProcess('api', env)
})

const crowd = 100

test(`a rolling restart of three workers under ${crowd} streaming runs costs no attempt and no word`, async () => {
  const start = () => startProcess('worker', { ...env, SHUTDOWN_GRACE_MS: '30000' })
  const workers = await Promise.all([start(), start(), start()])
  let running = true
  const seen: (readonly SeenEvent[])[] = []
  const caller = async () => {
    while (running) {
      const channelId = await dispatch(api, { model: 'demo/delayMs=20/words=100' })
      seen.push(await collect(watchWebsocket(asService(api), { channelId })))
    }
  }
  const callers = Array.from({ length: crowd }, caller)
  const exits: (number | null)[] = []
  await Promise.all([start(), start(), start()])
  for (const worker of workers) exits.push(await worker.kill('SIGTERM'))
  running = false
  await Promise.all(callers)
  expect(exits).toEqual([0, 0, 0])
  expect(seen.length).toBeGreaterThanOrEqual(crowd)
  for (const events of seen) expect(kindsOf(events)).toEqual(wholeRun)
})
