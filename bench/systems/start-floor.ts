import { startNode } from './start-node.ts'
import type { System, SystemOptions } from './system.ts'

/** Starts a raw `ws` relay in one process (`bench/floor`): no Redis, no queue, no GraphQL, no storage. */
export async function startFloor({ nodeArgs = [] }: SystemOptions = {}): Promise<System> {
  const api = await startNode({ args: ['bench/floor/relay.ts'], env: {}, nodeArgs })
  return {
    name: 'floor',
    url: api.url,
    wsUrl: `${api.url.replace('http', 'ws')}/graphql`,
    pids: { api: api.pid },
    api,
    worker: null,
    redisUrl: null,
    addWorker: () => Promise.reject(new Error('The relay does its work itself.')),
    dispatchBody: (options) => JSON.stringify(options),
    subscribePayload: (channelId) => ({ channelId }),
    close: () => api.stop(),
  }
}
