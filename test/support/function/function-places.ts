import { inScope } from '../lifetime/opened.ts'
import { startRedis } from '../redis/redis-server.ts'
import { startProcess } from '../service/start-process.ts'
import { startService } from '../service/start-service.ts'

interface Api {
  readonly url: string
  readonly wsUrl: string
}

/** A whole service to try functions on. */
export interface FunctionPlace {
  readonly here: Api
  /** Another API process of the same Redis; the same one where there is but one process. */
  readonly there: Api
  /** The worker dies without a word, and another is started. Nothing where the worker is the whole service. */
  replaceWorker(): Promise<void>
}

export const functionPlaces = [
  ['the embedded engine', openEmbedded],
  ['Redis, its two APIs and the worker processes of their own', openProcesses],
] as const

async function openEmbedded(): Promise<FunctionPlace> {
  const service = await startService()
  return { here: service, there: service, replaceWorker: async () => {} }
}

async function openProcesses(): Promise<FunctionPlace> {
  const redis = await startRedis()
  // On a busy machine a run must not lose its worker while that one lives.
  const env = { REDIS_URL: redis.url, LEASE_MS: '15000', LOG_LEVEL: 'info' }
  const [here, there] = await Promise.all([startProcess('api', env), startProcess('api', env)])
  let worker = await startProcess('worker', env)
  const ofThePlace = inScope()
  return {
    here,
    there,
    async replaceWorker() {
      await worker.kill('SIGKILL')
      worker = await ofThePlace(() => startProcess('worker', env))
    },
  }
}
