import { expect, test, vi } from 'vitest'
import { connectRedisEngine } from '../../conformance/engines.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { startService } from '../../support/service/start-service.ts'
import { collect, dispatch, graphql, watchWebsocket } from '../../support/watching/watchers.ts'

const query = `query ($id: ID!) { dispatch(channelId: $id) { status messages { text } result { text } usage { totalTokens } } }`

interface Asked {
  dispatch: { status: string; messages: object[]; result: { text: string }; usage: { totalTokens: number } } | null
}

test.each(['the embedded engine', 'Redis'])(
  'a log goes when its time is up, its record later, and nothing else stays: %s',
  async (engine) => {
    const redis = engine === 'Redis' ? await startRedis() : null
    const service = await startService({
      ...(redis === null ? {} : { redisUrl: redis.url }),
      env: { RETENTION_SECONDS: '1', RECORD_RETENTION_SECONDS: '4' },
    })
    const input = { channelId: 'a-channel-that-goes', model: 'demo/delayMs=0/words=5' }
    const channelId = await dispatch(service, input)
    const events = await collect(watchWebsocket(service, { channelId }))
    const ask = async () => (await graphql<Asked>(service, query, { id: channelId })).data.dispatch
    const whole = await ask()
    expect(whole?.messages).toHaveLength(2)

    // The log is gone; the record is its tombstone.
    await vi.waitFor(async () => expect((await ask())?.messages).toEqual([]), { timeout: 5000 })
    expect(await ask()).toEqual({ ...whole, messages: [] })
    for (const after of [null, events[2]?.cursor ?? '', events.at(-1)?.cursor ?? '']) {
      await expect(collect(watchWebsocket(service, { channelId, after }))).rejects.toMatchObject({
        code: 'CURSOR_EXPIRED',
      })
    }
    expect(await dispatch(service, input)).toBe(channelId)
    await expect(dispatch(service, { ...input, model: 'demo' })).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(dispatch(service, { continues: channelId })).rejects.toMatchObject({ code: 'NOT_FOUND' })

    // Then that goes, too.
    await vi.waitFor(async () => expect(await ask()).toBeNull(), { timeout: 10_000 })
    const { data } = await graphql<{ dispatches: { edges: object[] } }>(
      service,
      '{ dispatches { edges { node { id } } } }',
    )
    expect(data.dispatches.edges).toEqual([])
    if (redis !== null) {
      const { redis: client, close } = await connectRedisEngine(redis.url)
      // BullMQ's own four, whatever the number of runs. The sweep drops the run's entry when its look is due.
      const ours = async () => (await client.keys('*')).filter((key) => !key.startsWith('{bc}:runs:'))
      await vi.waitFor(async () => expect(await ours()).toEqual([]), { timeout: 20_000, interval: 100 })
      expect((await client.keys('*')).length).toBeLessThanOrEqual(4)
      await close()
    }
    await service.close()
    await redis?.stop()
  },
)
