import { expect, test, vi } from 'vitest'
import { atLength } from '../../support/at-length.ts'
import { answersIn, declared, eventsOf, stateOf, submit } from '../../support/function/function-runs.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { startProcess } from '../../support/service/start-process.ts'
import { dispatch, graphql } from '../../support/watching/watchers.ts'

const many = atLength(50, 500)

test(`${many} parked runs hold no worker: four slots run other dispatches meanwhile, then complete all`, async () => {
  const redis = await startRedis()
  const env = { REDIS_URL: redis.url, WORKER_CONCURRENCY: '4' }
  const [api] = await Promise.all([startProcess('api', env), startProcess('worker', env)])
  const input = {
    messages: [{ type: 'USER', text: 'Please call ask.' }],
    functions: [declared('ask', { result: { await: true } })],
    model: 'demo/delayMs=0/words=20',
  }
  const channels = await eachOf(Array.from({ length: many }, () => () => dispatch(api, input)))
  await vi.waitFor(async () => expect(await countByStatus(api.url)).toEqual({ WAITING: many }), {
    timeout: 30_000,
    interval: 200,
  })

  const others = await eachOf(
    Array.from({ length: 20 }, () => () => dispatch(api, { model: 'demo/delayMs=2/words=20' })),
  )
  const endings = await Promise.all(others.map(async (channelId) => (await eventsOf(api, channelId)).at(-1)))
  expect(endings.map((ending) => ending?.result?.finishReason)).toEqual(Array(20).fill('STOP'))
  expect(await countByStatus(api.url)).toEqual({ WAITING: many, COMPLETED: 20 })

  await eachOf(
    channels.map((channelId, n) => async () => {
      const [call] = (await stateOf(api, channelId)).pendingCalls
      expect(await submit(api, { channelId, callId: call?.id }, { data: n })).not.toMatch('CONFLICT|NOT_FOUND')
    }),
  )
  await vi.waitFor(async () => expect(await countByStatus(api.url)).toEqual({ COMPLETED: many + 20 }), {
    timeout: 30_000,
    interval: 200,
  })
  const answers = await eachOf(channels.map((channelId) => async () => answersIn(await eventsOf(api, channelId))))
  expect(answers).toEqual(channels.map((_, n) => [['ask', n]]))
}, 120_000)

/** In order, 32 at a time. */
async function eachOf<Result>(tasks: readonly (() => Promise<Result>)[]): Promise<readonly Result[]> {
  const results: Result[] = []
  const queue = tasks.entries()
  const work = async () => {
    for (const [index, task] of queue) results[index] = await task()
  }
  await Promise.all(Array.from({ length: 32 }, work))
  return results
}

interface Page {
  readonly dispatches: {
    readonly edges: readonly { readonly node: { readonly status: string } }[]
    readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean }
  }
}

async function countByStatus(url: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (let after: string | null = null, isMore = true; isMore; ) {
    const query = `query ($after: String) {
      dispatches(first: 100, after: $after) { edges { node { status } } pageInfo { endCursor hasNextPage } }
    }`
    const { data }: { data: Page } = await graphql<Page>({ url }, query, { after })
    for (const { node } of data.dispatches.edges) counts[node.status] = (counts[node.status] ?? 0) + 1
    after = data.dispatches.pageInfo.endCursor
    isMore = data.dispatches.pageInfo.hasNextPage
  }
  return counts
}
