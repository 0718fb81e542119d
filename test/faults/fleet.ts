import { setTimeout as sleep } from 'node:timers/promises'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { type ReplyLosingProxy, startReplyLosingProxy } from '../support/reply-losing-proxy.ts'
import { type ServiceProcess, startProcess } from '../support/start-process.ts'
import type { Random } from './random.ts'

export interface Fleet {
  /** The API processes that are up; what a client picks may be killed a moment later. */
  readonly apis: readonly ServiceProcess[]
  readonly redis: RedisServer
  readonly counts: Readonly<Record<string, number>>
  /** One misfortune, chosen at random; what was killed is replaced. */
  strike(): Promise<void>
  lostReplies(): number
  close(): Promise<void>
}

type Misfortune = 'kill worker' | 'stop worker' | 'retire worker' | 'kill api' | 'restart redis'

/** Two APIs, two workers and a Redis, as real processes, behind a proxy that loses replies. */
export async function startFleet(random: Random): Promise<Fleet> {
  const redis = await startRedis({ appendOnly: true })
  const proxy: ReplyLosingProxy = await startReplyLosingProxy(
    redis.port,
    (replies) => replies > 500 && random.chance(0.002),
  )
  const env = { REDIS_URL: `redis://127.0.0.1:${proxy.port}`, LEASE_MS: '1000', LOG_LEVEL: 'info' }
  const start = (role: 'api' | 'worker') => startProcess(role, env)
  const apis = await Promise.all([start('api'), start('api')])
  const workers = await Promise.all([start('worker'), start('worker')])
  const counts: Record<string, number> = {}

  const replace = async (list: ServiceProcess[], role: 'api' | 'worker', signal: NodeJS.Signals) => {
    const victim = random.pick(list)
    list.splice(list.indexOf(victim), 1)
    const [next] = await Promise.all([start(role), victim.kill(signal)])
    list.push(next)
  }
  const misfortunes: Record<Misfortune, () => Promise<void>> = {
    'kill worker': () => replace(workers, 'worker', 'SIGKILL'),
    'retire worker': () => replace(workers, 'worker', 'SIGTERM'),
    'kill api': () => replace(apis, 'api', 'SIGKILL'),
    'stop worker': async () => {
      const victim = random.pick(workers)
      await victim.kill('SIGSTOP')
      // Longer than the lease: it wakes up as a worker that has been given up.
      await sleep(1800)
      await victim.kill('SIGCONT')
    },
    'restart redis': async () => {
      await redis.kill('SIGKILL')
      // Up to more than two leases.
      await sleep(random.int(2500))
      await redis.restart()
    },
  }
  const often: readonly Misfortune[] = [
    'kill worker',
    'kill worker',
    'stop worker',
    'retire worker',
    'kill api',
    'restart redis',
  ]

  return {
    apis,
    redis,
    counts,
    async strike() {
      const misfortune = random.pick(often)
      counts[misfortune] = (counts[misfortune] ?? 0) + 1
      await misfortunes[misfortune]()
    },
    lostReplies: () => proxy.lost,
    async close() {
      await Promise.all([...apis, ...workers].map((each) => each.kill('SIGKILL')))
      await proxy.close()
      await redis.stop()
    },
  }
}
