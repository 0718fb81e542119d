import { describe, expect, test, vi } from 'vitest'
import { startRedisCluster } from '../../support/redis/redis-cluster.ts'
import { startRedisGate } from '../../support/redis/redis-gate.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { ids } from '../../support/run/runs.ts'
import { startObservedService } from '../../support/service/observed-service.ts'
import { startService } from '../../support/service/start-service.ts'
import { collect, dispatch, graphql, watchWebsocket } from '../../support/watching/watchers.ts'

// Generous: two cores may be shared with other tests.
vi.setConfig({ testTimeout: 90_000 })

const line =
  'REDIS_URL: this is a Redis Cluster, and a dispatch is one script on keys of several slots; turn cluster mode off.'

describe('a Redis Cluster of three primaries', () => {
  test('is refused at the start, and while a service runs it is UNAVAILABLE and not ready, never a defect', async () => {
    const { nodes } = await startRedisCluster(3)
    for (const { url } of nodes) await expect(startService({ redisUrl: url })).rejects.toThrow(line)

    const single = await startRedis()
    const gate = await startRedisGate(single.port)
    const service = await startObservedService({ env: { REDIS_URL: gate.url } })
    const ready = async () => {
      const response = await fetch(`${service.url}/ready`)
      return [response.status, ((await response.json()) as { reason?: string }).reason]
    }
    expect((await ready())[0]).toBe(200)
    gate.lead(nodes[0]?.port ?? null)
    gate.cut()
    await vi.waitFor(async () => expect(await ready()).toEqual([503, line]), { timeout: 20_000 })
    await expect(dispatch(service)).rejects.toMatchObject({ code: 'UNAVAILABLE', message: 'Redis is a cluster.' })
    // The keys of a run are in one slot, and most slots are another node's, which says MOVED.
    const codes = new Set<unknown>()
    for (let n = 0; n < 12; n++) {
      const { errors } = await graphql(service, `{ dispatch(channelId: "${ids.channelId()}") { status } }`)
      codes.add(errors?.[0]?.extensions?.['code'] ?? 'none')
    }
    codes.delete('none')
    expect([...codes]).toEqual(['UNAVAILABLE'])
    expect(service.log.filter((each) => each.includes('INTERNAL'))).toEqual([])

    gate.lead(single.port)
    gate.cut()
    await vi.waitFor(async () => expect((await ready())[0]).toBe(200), { timeout: 20_000 })
    const events = await collect(watchWebsocket(service, { channelId: await dispatch(service) }))
    expect(events.at(-1)?.__typename).toBe('DispatchCompleted')
  })
})
