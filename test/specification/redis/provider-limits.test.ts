import { expect, test, vi } from 'vitest'
import { startRedis } from '../../support/redis/redis-server.ts'
import { startMockProviders } from '../../support/run/mock-providers.ts'
import { ids } from '../../support/run/runs.ts'
import { startProcess } from '../../support/service/start-process.ts'
import { dispatch, graphql } from '../../support/watching/watchers.ts'

vi.setConfig({ testTimeout: 120_000 })

test('two processes ask a provider as often as both together may, and what waits for it holds no place (run 29)', async () => {
  const asked: { readonly model: string; readonly at: number }[] = []
  const providers = await startMockProviders('Yes.', (_call, { model }) => {
    asked.push({ model, at: Date.now() })
    return 'answer'
  })
  const redis = await startRedis()
  // Twenty in a minute: three at once, and one more each 3,333 ms.
  const env = { ...providers.env, REDIS_URL: redis.url, OPENAI_REQUESTS_PER_MINUTE: '20', WORKER_CONCURRENCY: '1' }
  const [one, other] = await Promise.all([startProcess('all', env), startProcess('all', env)])
  const began = Date.now()
  const limited = Array.from({ length: 5 }, () => ids.channelId())
  for (const channelId of limited) await dispatch(one, { channelId, model: 'openai:gpt-5.4' })
  const free = [ids.channelId(), ids.channelId()]
  for (const channelId of free) await dispatch(other, { channelId, model: 'compatible:gpt-4o' })

  const query = 'query ($id: ID!) { dispatch(channelId: $id) { status finishedAt } }'
  const finished = (channelId: string) =>
    vi.waitFor(
      async () => {
        const { data } = await graphql<{ dispatch: { status: string; finishedAt: string } }>(one, query, {
          id: channelId,
        })
        expect(data.dispatch.status).toBe('COMPLETED')
        return Date.parse(data.dispatch.finishedAt)
      },
      { timeout: 60_000, interval: 100 },
    )
  const ends = await Promise.all(limited.map(finished))
  const calls = asked.filter(({ model }) => model === 'gpt-5.4').map(({ at }) => at - began)
  expect(calls).toHaveLength(5)
  // The fourth may come when 3,333 ms are over, and so on.
  expect(calls[3]).toBeGreaterThanOrEqual(3330)
  expect(calls[4]).toBeGreaterThanOrEqual(6660)
  // Each process has one place. The others went past those that waited.
  for (const channelId of free) expect(await finished(channelId)).toBeLessThan(Math.max(...ends))
})
