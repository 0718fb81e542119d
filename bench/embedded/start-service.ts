import { type NodeProcess, reportingMemory, startNode } from '../systems/start-node.ts'
import { oursSpeaks } from '../systems/start-ours.ts'
import type { System } from '../systems/system.ts'
import type { Store } from './stores.ts'

export interface Service extends System {
  readonly store: Store
  readonly api: NodeProcess
}

/** API and worker in one process, with the models of the benchmarks, on a store. */
export async function startService(store: Store): Promise<Service> {
  const args = ['bench/systems/ours-main.ts', 'all']
  const api = await startNode({ args, env: { ...store.env, LOG_LEVEL: 'info' }, nodeArgs: reportingMemory })
  return {
    name: 'ours',
    store,
    url: api.url,
    wsUrl: `${api.url.replace('http', 'ws')}/graphql`,
    pids: { all: api.pid },
    api,
    worker: null,
    redisUrl: null,
    addWorker: () => Promise.reject(new Error('One process is API and worker.')),
    ...oursSpeaks,
    close: () => api.stop(),
  }
}
