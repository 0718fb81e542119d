import { Redis } from 'ioredis'
import { startRedis } from '../support/redis/redis-server.ts'
import { type ServiceProcess, startProcess } from '../support/service/start-process.ts'
import { type FleetMisfortune, strike } from './misfortunes.ts'
import { startNetwork } from './network.ts'
import type { FaultPlan } from './plan.ts'
import type { Random } from './random.ts'
import { runsInRedis, type StoredRuns } from './stored-runs.ts'

/** Where a process takes requests. */
export type Address = Pick<ServiceProcess, 'url' | 'wsUrl'>

export interface Fleet {
  /** The API processes that are up; what a client picks may be killed a moment later. */
  readonly apis: readonly Address[]
  readonly stored: StoredRuns
  /** After what failed, a client waits for so long before it tries again. */
  readonly retryMs: number
  readonly counts: Readonly<Record<string, number>>
  /** When Redis came back without its last writes, in ms since 1970. */
  readonly losses: readonly number[]
  readonly lost: { readonly replies: number; readonly publications: number }
  /** One misfortune of a process or of the store, as the plan has it. */
  strike(at: 'processes' | 'store'): Promise<void>
  close(): Promise<void>
}

export interface FleetOptions {
  readonly random: Random
  readonly env: Readonly<Record<string, string>>
  readonly plan: FaultPlan
  /** Where the service's code is; default: here. */
  readonly root?: string | undefined
}

/** Two APIs, two workers and a Redis, as real processes, and a network between them. */
export async function startFleet({ random, env, plan, root }: FleetOptions): Promise<Fleet> {
  const redis = await startRedis({ appendOnly: true })
  const checked = new Redis(redis.url)
  checked.on('error', () => {}) // It is restarted.
  const network = await startNetwork(redis.port, random, plan.network)
  const serviceEnv = {
    REDIS_URL: `redis://127.0.0.1:${network.port}`,
    LEASE_MS: `${plan.leaseMs}`,
    LOG_LEVEL: 'info',
    ...env,
  }
  const start = (role: 'api' | 'worker') => startProcess(role, serviceEnv, root)
  const [apis, workers] = await Promise.all([
    Promise.all([start('api'), start('api')]),
    Promise.all([start('worker'), start('worker')]),
  ])
  const counts: Partial<Record<FleetMisfortune, number>> = {}
  const losses: number[] = []
  const struck = { random, redis, apis, workers, start, onLoss: () => void losses.push(Date.now()) }

  return {
    apis,
    stored: runsInRedis(checked),
    retryMs: 50,
    counts,
    losses,
    lost: network.lost,
    async strike(at) {
      const misfortune = random.pick(plan[at].misfortunes as readonly FleetMisfortune[])
      counts[misfortune] = (counts[misfortune] ?? 0) + 1
      await strike(misfortune, struck)
    },
    async close() {
      await Promise.all([...apis, ...workers].map((each) => each.kill('SIGKILL')))
      checked.disconnect()
      await network.close()
      await redis.stop()
    },
  }
}
