import { beforeAll, describe, expect, test, vi } from 'vitest'
import { type RedisServer, startRedis } from '../../support/redis/redis-server.ts'
import { startMockProviders } from '../../support/run/mock-providers.ts'
import { type ServiceProcess, startProcess } from '../../support/service/start-process.ts'
import { collect, dispatch, graphql, type SeenEvent, watchWebsocket } from '../../support/watching/watchers.ts'
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

const wires = ['openai:gpt-5.4', 'openai-chat:gpt-4o', 'anthropic:claude-sonnet-4-5']

describe('a worker that receives SIGTERM, within its grace period', () => {
  test('finishes half-said answers, on the wires of the providers, and takes nothing new', async () => {
    const content = 'It goes on to the end, word by word. '.repeat(20)
    // Longer than two leases, which the worker has to keep.
    const providers = await startMockProviders(content, () => 'answer', { latencyMs: 75 })
    const onWires = { ...env, ...providers.env, SHUTDOWN_GRACE_MS: '30000' }
    const [talking, worker] = await Promise.all([startProcess('api', onWires), startProcess('worker', onWires)])
    const said = { count: 0, all: Promise.withResolvers<void>() }
    const runs = wires.map(async (model) => {
      const channelId = await dispatch(talking, { model })
      const events: SeenEvent[] = []
      for await (const event of watchWebsocket(asService(talking), { channelId })) {
        if (event.text !== undefined && !events.some(({ text }) => text !== undefined)) said.count += 1
        if (said.count === wires.length) said.all.resolve()
        events.push(event)
      }
      return events
    })
    await said.all.promise
    const exit = worker.kill('SIGTERM')
    await vi.waitFor(() => expect(worker.log.join()).toContain('"closing"'))
    const later = await dispatch(talking, { model: 'demo/delayMs=0' })
    await startProcess('worker', onWires)
    for (const events of await Promise.all(runs)) {
      expect(kindsOf(events)).toEqual(wholeRun)
      expect(events.at(-1)?.result?.text).toBe(content)
    }
    expect([providers.calls, await exit]).toEqual([wires.length, 0])
    const events = await collect(watchWebsocket(asService(talking), { channelId: later }))
    expect(kindsOf(events)).toEqual(wholeRun)
    expect(worker.log.join()).not.toContain(later)
  })

  test('drains without ending on SIGUSR2, for a run of any length', async () => {
    const worker = await startProcess('worker', env)
    const channelId = await dispatch(api, { model: 'demo/delayMs=20/words=100' })
    const events: SeenEvent[] = []
    let later = ''
    for await (const event of watchWebsocket(asService(api), { channelId })) {
      events.push(event)
      if (event.text === undefined || later !== '') continue
      worker.child.kill('SIGUSR2')
      await vi.waitFor(() => expect(worker.log.join()).toContain('draining'))
      later = await dispatch(api, { model: 'demo/delayMs=0' })
    }
    expect(kindsOf(events)).toEqual(wholeRun)
    const query = 'query ($id: ID!) { dispatch(channelId: $id) { status } }'
    expect(await graphql(api, query, { id: later })).toEqual({ data: { dispatch: { status: 'QUEUED' } } })
    expect(await worker.kill('SIGTERM')).toBe(0)
  })
})
