import { describe, expect, test, vi } from 'vitest'
import { connectRedisEngine } from '../../support/redis/redis-engine.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { ids } from '../../support/run/runs.ts'
import { createScriptedModel, scriptedProvider } from '../../support/run/scripted-model.ts'
import { startProcess } from '../../support/service/start-process.ts'
import { startService } from '../../support/service/start-service.ts'
import {
  canonical,
  collect,
  dispatch,
  type SeenEvent,
  textsByDeltas,
  watchWebsocket,
} from '../../support/watching/watchers.ts'

// Generous: two cores may be shared with other tests.
vi.setConfig({ testTimeout: 120_000 })

const words = Array.from({ length: 40 }, (_, n) => `word${n} `)
const wholeText = words.join('')

/** A service whose model says a word when it is let, and a Redis that can be out of memory, which it then says to every write. */
async function openPlace(leaseMs: number) {
  const redis = await startRedis()
  const engine = await connectRedisEngine(redis.url)
  const gates = words.map(() => Promise.withResolvers<void>())
  const model = createScriptedModel([
    { lines: words.flatMap((word, n) => [gates[n]?.promise ?? '', word]) },
    { lines: words },
  ])
  const service = await startService({
    redisUrl: redis.url,
    model: 'scripted',
    providers: [scriptedProvider(model)],
    env: { LEASE_MS: String(leaseMs) },
  })
  return {
    redis: engine.redis,
    service,
    /** Whether the worker has given up the first attempt, as it does when its lease is over. */
    isGivenUp: () => model.calls[0]?.signal.aborted === true,
    sayTo: (end: number) => {
      for (const { resolve } of gates.slice(0, end)) resolve()
    },
    limitMemory: (bytes: number) => engine.redis.config('SET', 'maxmemory', bytes),
  }
}

describe('a Redis that is out of memory', () => {
  test.each([
    ['is held, and goes on in the same sentence', 'within its lease', 60_000, 1],
    ['is taken over', 'after its lease is over', 1000, 2],
  ])(
    'refuses dispatches with UNAVAILABLE; a running run %s when there is room again %s',
    async (_how, _when, leaseMs, attempts) => {
      const place = await openPlace(leaseMs)
      const { service, redis } = place
      const channelId = await dispatch(service)
      const seen: SeenEvent[] = []
      const watching = (async () => {
        for await (const event of watchWebsocket(service, { channelId })) seen.push(event)
      })()
      place.sayTo(20)
      const text = () => [...textsByDeltas(seen).values()].join('')
      await vi.waitFor(() => expect(text()).toBe(words.slice(0, 20).join('')))

      await place.limitMemory(1)
      const refusedBefore = Number(/errorstat_OOM:count=(\d+)/.exec(await redis.info('errorstats'))?.[1] ?? 0)
      const id = ids.channelId()
      await expect(dispatch(service, { channelId: id })).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: 'Redis is out of memory.',
      })
      expect((await fetch(`${service.url}/health`)).status).toBe(200)
      place.sayTo(30)
      await vi.waitFor(
        async () => {
          const refused = Number(/errorstat_OOM:count=(\d+)/.exec(await redis.info('errorstats'))?.[1] ?? 0)
          expect(refused).toBeGreaterThan(refusedBefore + 3)
          expect(place.isGivenUp()).toBe(attempts > 1)
        },
        { timeout: 60_000, interval: 50 },
      )
      // Nothing of the words that came meanwhile is to be seen.
      expect(text()).toBe(words.slice(0, 20).join(''))

      await place.limitMemory(0)
      place.sayTo(40)
      await watching
      expect(text()).toBe(wholeText)
      expect(seen.at(-1)?.result?.text).toBe(wholeText)
      // On a busy machine a lease of a second may be lost again.
      const starts = seen.filter(({ __typename }) => __typename === 'DispatchStarted').length
      expect(Math.min(starts, 2)).toBe(attempts)
      expect(canonical(seen)).toBe(canonical(await collect(watchWebsocket(service, { channelId }))))
      // What was refused is taken now, under the same id.
      expect(await dispatch(service, { channelId: id })).toBe(id)
      expect((await collect(watchWebsocket(service, { channelId: id }))).at(-1)?.result?.text).toBe(wholeText)
    },
  )
})

// Each waits half a minute for what it cannot hand back.
describe.concurrent('processes that receive SIGTERM exit with 0', () => {
  test('while Redis is out of memory, which crashes none of them', async () => {
    const redis = await startRedis()
    const engine = await connectRedisEngine(redis.url)
    const env = { REDIS_URL: redis.url, LEASE_MS: '1000' }
    const [api, worker] = await Promise.all([startProcess('api', env), startProcess('worker', env)])
    const service = { url: api.url, wsUrl: api.wsUrl, close: async () => {} }
    const channelId = await dispatch(service, { model: 'demo/delayMs=20/words=200' })
    for await (const { text } of watchWebsocket(service, { channelId })) if (text !== undefined) break
    await engine.redis.config('SET', 'maxmemory', 1)
    await expect(dispatch(service)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(await Promise.all([api, worker].map((each) => each.kill('SIGTERM')))).toEqual([0, 0])
  }, 180_000)

  test('while Redis is away, with or without runs in progress', async () => {
    const redis = await startRedis()
    const env = { REDIS_URL: redis.url, LEASE_MS: '60000' }
    const [api, worker] = await Promise.all([startProcess('api', env), startProcess('worker', env)])
    const service = { url: api.url, wsUrl: api.wsUrl, close: async () => {} }
    const channelId = await dispatch(service, { model: 'demo/delayMs=20/words=2000' })
    const watching = watchWebsocket(service, { channelId })
    const cut = (async () => {
      for await (const { text } of watching) if (text !== undefined) await redis.kill('SIGKILL')
    })()
    cut.catch(() => {})
    await vi.waitFor(async () => expect((await fetch(`${api.url}/ready`)).status).toBe(503))
    expect(await Promise.all([api, worker].map((each) => each.kill('SIGTERM')))).toEqual([0, 0])
  }, 180_000)
})
