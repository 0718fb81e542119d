import { startRedis } from '../../test/support/redis/redis-server.ts'
import { startNode } from './start-node.ts'
import type { System, SystemOptions } from './system.ts'

const mutation = `mutation Dispatch($channelId: ID, $model: String!, $text: String!) {
  dispatchConversation(channelId: $channelId, model: $model, text: $text) { channelId }
}`
const subscription = `subscription Watch($channelId: ID!) { channelEvents(channelId: $channelId) { id type text } }`

/**
 * Starts the same stack, wired naively (`bench/naive`): an API process, a worker process, and a redis-server of its
 * own.
 */
export async function startNaive(options: SystemOptions = {}): Promise<System> {
  const { parts = 'api and worker', nodeArgs = [], concurrency = 100 } = options
  const redis = await startRedis()
  const env = { REDIS_URL: redis.url, WORKER_CONCURRENCY: String(concurrency) }
  const api = await startNode({ args: ['bench/naive/api.ts'], env, nodeArgs })
  const worker = parts === 'api' ? null : await startNode({ args: ['bench/naive/worker.ts'], env, nodeArgs })
  return {
    name: 'naive',
    url: api.url,
    wsUrl: `${api.url.replace('http', 'ws')}/graphql`,
    pids: { api: api.pid, ...(worker === null ? {} : { worker: worker.pid }), redis: redis.pid },
    api,
    worker,
    redisUrl: redis.url,
    addWorker: () => startNode({ args: ['bench/naive/worker.ts'], env, nodeArgs }),
    dispatchBody: ({ model, channelId }) =>
      JSON.stringify({ query: mutation, variables: { channelId, model, text: 'Hello' } }),
    subscribePayload: (channelId) => ({ query: subscription, variables: { channelId } }),
    async close() {
      await worker?.stop()
      await api.stop()
      await redis.stop()
    },
  }
}
