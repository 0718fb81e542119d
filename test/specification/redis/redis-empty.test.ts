import { describe, expect, test, vi } from 'vitest'
import { declared, submit, untilParked } from '../../support/function/function-runs.ts'
import { watchUpdates } from '../../support/function/function-updates.ts'
import { connectRedisEngine } from '../../support/redis/redis-engine.ts'
import { type RedisServer, startRedis } from '../../support/redis/redis-server.ts'
import { ids } from '../../support/run/runs.ts'
import { createScriptedModel, scriptedProvider } from '../../support/run/scripted-model.ts'
import { startService } from '../../support/service/start-service.ts'
import {
  collect,
  dispatch,
  graphql,
  type SeenEvent,
  transports,
  watchWebsocket,
} from '../../support/watching/watchers.ts'

// Generous: two cores may be shared with other tests.
vi.setConfig({ testTimeout: 120_000 })

const ways: readonly (readonly [string, (redis: RedisServer) => Promise<void>])[] = [
  [
    'FLUSHALL',
    async (redis) => {
      const { redis: client, close } = await connectRedisEngine(redis.url)
      await client.flushall()
      await close()
    },
  ],
  [
    'a fresh server behind the same port',
    async (redis) => {
      await redis.kill('SIGKILL')
      await redis.restart()
    },
  ],
]

describe.each(ways)('a Redis that comes back empty: %s', (_name, empty) => {
  test('watchers of lost runs get CURSOR_EXPIRED, the worker drops the runs, and new dispatches run', async () => {
    const redis = await startRedis()
    const gate = Promise.withResolvers<void>()
    const model = createScriptedModel([{ lines: ['One', gate.promise, ' two', ' three.'] }, { lines: ['Whole.'] }])
    const service = await startService({
      redisUrl: redis.url,
      model: 'scripted',
      providers: [scriptedProvider(model)],
      env: { LEASE_MS: '1000' },
    })
    const channelId = await dispatch(service)
    const watches = transports.map(([, watch]) => {
      const seen: SeenEvent[] = []
      const ended = (async () => {
        for await (const event of watch(service, { channelId })) seen.push(event)
      })()
      ended.catch(() => {})
      return { seen, ended }
    })
    // Watched ahead: nothing has been seen, so nothing is lost.
    const ahead = ids.channelId()
    const early = collect(watchWebsocket(service, { channelId: ahead }))
    for (const { seen } of watches) {
      await vi.waitFor(() => expect(seen.at(-1)?.text).toBe('One'), { timeout: 10_000 })
    }
    await empty(redis)

    for (const { ended } of watches) {
      await expect(ended).rejects.toMatchObject({
        code: 'CURSOR_EXPIRED',
        message: 'This channel has no log, so nothing can follow the cursor. Follow the channel from its beginning.',
      })
    }
    const query = 'query ($id: ID!) { dispatch(channelId: $id) { status } dispatches { edges { node { id } } } }'
    const gone = { data: { dispatch: null, dispatches: { edges: [] } } }
    await vi.waitFor(async () => expect(await graphql(service, query, { id: channelId })).toEqual(gone), {
      timeout: 10_000,
    })
    // The worker's next words find no run to belong to. Under the same id there is a new one.
    gate.resolve()
    expect(await dispatch(service, { channelId })).toBe(channelId)
    const again = await collect(watchWebsocket(service, { channelId }))
    expect(again.at(-1)?.result?.text).toBe('Whole.')
    expect(again.filter(({ __typename }) => __typename === 'DispatchStarted')).toHaveLength(1)
    for (const { seen } of watches) {
      await expect(
        collect(watchWebsocket(service, { channelId, after: seen.at(-1)?.cursor ?? '' })),
      ).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' })
    }
    await dispatch(service, { channelId: ahead })
    expect((await early).at(-1)?.result?.text).toBe('Whole.')
  })

  test('a parked run is lost: its watchers are told, its calls are NOT_FOUND, and nothing of it remains in Redis', async () => {
    const redis = await startRedis()
    const service = await startService({ redisUrl: redis.url, env: { LEASE_MS: '1000' } })
    const channelId = await dispatch(service, {
      messages: [{ type: 'USER', text: 'Please call ask.' }],
      functions: [declared('ask', { result: { await: true } })],
    })
    const { ask } = await untilParked(service, channelId)
    const seen = Promise.withResolvers<void>()
    const watching = (async () => {
      for await (const _event of watchWebsocket(service, { channelId })) seen.resolve()
    })()
    watching.catch(() => {})
    // Who has seen nothing yet watches ahead, and cannot be told.
    await seen.promise
    const updated = Promise.withResolvers<void>()
    const updates = watchUpdates(service, channelId, () => updated.resolve())
    updates.catch(() => {})
    await updated.promise
    await empty(redis)
    await expect(watching).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' })
    await expect(updates).rejects.toThrow('CURSOR_EXPIRED')
    await vi.waitFor(
      async () => expect(await submit(service, { channelId, callId: ask?.id }, { data: 1 })).toBe('NOT_FOUND'),
      { timeout: 10_000 },
    )
    const { redis: client, close } = await connectRedisEngine(redis.url)
    expect(await client.keys(`bc:{*${channelId}}*`)).toEqual([])
    await close()
  })
})
