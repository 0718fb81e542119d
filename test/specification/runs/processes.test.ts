import { beforeAll, describe, expect, test, vi } from 'vitest'
import { type RedisServer, startRedis } from '../../support/redis/redis-server.ts'
import { ids } from '../../support/run/runs.ts'
import { type ServiceProcess, startProcess } from '../../support/service/start-process.ts'
import {
  canonical,
  collect,
  dispatch,
  graphql,
  textsByDeltas,
  transports,
  watchWebsocket,
} from '../../support/watching/watchers.ts'

const asService = (api: ServiceProcess) => ({ url: api.url, wsUrl: api.wsUrl, close: async () => {} })

describe('two API and two worker processes on one Redis', () => {
  let redis: RedisServer
  let apis: ServiceProcess[]
  let workers: ServiceProcess[]
  beforeAll(async () => {
    redis = await startRedis()
    const env = { REDIS_URL: redis.url, WORKER_CONCURRENCY: '2', LEASE_MS: '1000' }
    apis = await Promise.all([startProcess('api', env), startProcess('api', env)])
    workers = await Promise.all([startProcess('worker', env), startProcess('worker', env)])
  })

  test.each(transports)('serve clients of either API alike, over %s', async (_name, watch) => {
    const runs = Array.from({ length: 12 }, async (_, n) => {
      const channelId = ids.channelId()
      const [here, there] = n % 2 === 0 ? apis : apis.toReversed()
      if (here === undefined || there === undefined) throw new Error('Two APIs were started.')
      const before = collect(watch(asService(there), { channelId }))
      await dispatch(here, { channelId, model: 'demo/delayMs=2/words=40' })
      const [seen, replayed] = await Promise.all([before, collect(watch(asService(here), { channelId }))])
      expect(seen.at(-1)?.__typename).toBe('DispatchCompleted')
      expect(canonical(seen)).toBe(canonical(replayed))
    })
    await Promise.all(runs)
  })

  test('the same dispatch sent to both APIs at once is one run', async () => {
    const channelId = ids.channelId()
    const input = { channelId, model: 'demo/words=5' }
    const answers = await Promise.all(apis.flatMap((api) => [dispatch(api, input), dispatch(api, input)]))
    expect(answers).toEqual([channelId, channelId, channelId, channelId])
    const events = await collect(watchWebsocket(asService(apis[0] as ServiceProcess), { channelId }))
    expect(events.filter(({ __typename }) => __typename === 'DispatchQueued')).toHaveLength(1)
    expect(events.filter(({ __typename }) => __typename === 'DispatchStarted')).toHaveLength(1)
  })

  test('either API can cancel a run, and what was said until then stays', async () => {
    const channelId = ids.channelId()
    const [here, there] = apis as [ServiceProcess, ServiceProcess]
    await dispatch(here, { channelId, model: 'demo/delayMs=20/words=200' })
    const seen = []
    let cancelling: Promise<unknown> | null = null
    for await (const event of watchWebsocket(asService(here), { channelId })) {
      seen.push(event)
      if (event.text === undefined) continue
      cancelling ??= graphql(
        there,
        'mutation ($id: ID!) { cancelDispatch(channelId: $id, reason: "enough") { dispatch { status usage { inputTokens } messages { text isComplete } } } }',
        { id: channelId },
      )
    }
    const [message, ending] = seen.slice(-2)
    expect(ending?.__typename).toBe('DispatchCancelled')
    expect(textsByDeltas(seen).get(message?.message?.id ?? '')).toBe(message?.message?.text)
    expect(await cancelling).toMatchObject({
      data: { cancelDispatch: { dispatch: { status: 'CANCELLED', messages: [{}, { isComplete: true }] } } },
    })
  })

  test('a run survives the death of its worker: another takes over, and watchers notice only a pause', async () => {
    const channelId = ids.channelId()
    const [api] = apis as [ServiceProcess]
    // The only worker on duty when the run starts is the one that dies.
    const [victim, other] = workers as [ServiceProcess, ServiceProcess]
    await other.kill('SIGTERM')
    await dispatch(api, { channelId, model: 'demo/delayMs=20/words=60' })
    const seen = []
    let isKilled = false
    for await (const event of watchWebsocket(asService(api), { channelId })) {
      seen.push(event)
      if (event.text === undefined || isKilled) continue
      isKilled = true
      await victim.kill('SIGKILL')
      workers = [await startProcess('worker', { REDIS_URL: redis.url, LEASE_MS: '1000' })]
    }
    const kinds = seen.map(({ __typename }) => __typename)
    expect(kinds.filter((kind) => kind === 'DispatchStarted')).toHaveLength(2)
    expect(kinds.filter((kind) => kind === 'MessageDiscarded')).toHaveLength(1)
    expect(kinds.filter((kind) => kind === 'MessageCompleted')).toHaveLength(1)
    expect(kinds.at(-1)).toBe('DispatchCompleted')
  })

  test('a dispatch is refused with UNAVAILABLE while Redis is away, and the process serves again when it is back', async () => {
    const lonely = await startRedis()
    const api = await startProcess('api', { REDIS_URL: lonely.url })
    expect((await fetch(`${api.url}/ready`)).status).toBe(200)
    await lonely.kill('SIGKILL')
    await expect(dispatch(api)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect((await fetch(`${api.url}/ready`)).status).toBe(503)
    expect((await fetch(`${api.url}/health`)).status).toBe(200)
    const { data } = await graphql<{ models: object[] }>(api, '{ models { id } }')
    expect(data.models).toEqual([{ id: 'demo' }])
    await lonely.restart()
    await vi.waitFor(async () => expect((await fetch(`${api.url}/ready`)).status).toBe(200), { timeout: 10_000 })
    expect(await dispatch(api)).toMatch(/^\w{24}$/)
    await lonely.stop()
    expect(await api.kill('SIGTERM')).toBe(0)
  })
})
