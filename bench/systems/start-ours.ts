import { startRedis } from '../../test/support/redis/redis-server.ts'
import { startNode } from './start-node.ts'
import type { System, SystemOptions } from './system.ts'

const mutation = `mutation Dispatch($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId } }`

/** The selection of the clients in `examples/`, without the final texts, which would be read twice. */
const subscription = `subscription Watch($channelId: ID!, $after: Cursor) {
  channelEvents(channelId: $channelId, after: $after) {
    __typename cursor
    ... on TextDelta { messageId position text }
    ... on MessageDiscarded { messageId }
    ... on MessageCompleted { message { id type } }
    ... on DispatchFailed { error { code message } }
  }
}`

/** How clients of the service dispatch and watch. */
export const oursSpeaks: Pick<System, 'dispatchBody' | 'subscribePayload'> = {
  dispatchBody: ({ model, channelId }) => {
    const input = { messages: [{ type: 'USER', text: 'Hello' }], model, ...(channelId ? { channelId } : {}) }
    return JSON.stringify({ query: mutation, variables: { input } })
  },
  subscribePayload: (channelId, after) => ({ query: subscription, variables: { channelId, after } }),
}

export interface OursOptions extends SystemOptions {
  /** Default: src/main.ts. bench/systems/ours-main.ts also has the `stamped` model. */
  readonly program?: string
  /** Added to its own environment. */
  readonly env?: Readonly<Record<string, string>>
}

/** Starts the service: an API process, a worker process, and a redis-server of its own. */
export async function startOurs(options: OursOptions = {}): Promise<System> {
  const { program = 'src/main.ts', parts = 'api and worker', nodeArgs = [], concurrency = 100 } = options
  const redis = await startRedis()
  const limits = { DISPATCHES_PER_MINUTE: '0', RUNNING_DISPATCHES: '0' }
  const env = { REDIS_URL: redis.url, WORKER_CONCURRENCY: String(concurrency), ...limits, ...options.env }
  const api = await startNode({ args: [program, 'api'], env, nodeArgs })
  const worker = parts === 'api' ? null : await startNode({ args: [program, 'worker'], env, nodeArgs })
  return {
    name: 'ours',
    url: api.url,
    wsUrl: `${api.url.replace('http', 'ws')}/graphql`,
    pids: { api: api.pid, ...(worker === null ? {} : { worker: worker.pid }), redis: redis.pid },
    api,
    worker,
    redisUrl: redis.url,
    addWorker: () => startNode({ args: [program, 'worker'], env, nodeArgs }),
    ...oursSpeaks,
    async close() {
      await worker?.stop()
      await api.stop()
      await redis.stop()
    },
  }
}
