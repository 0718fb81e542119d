import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { startReplyLosingProxy } from '../support/reply-losing-proxy.ts'
import { type ServiceProcess, startProcess } from '../support/start-process.ts'
import type { Random } from './random.ts'

export interface Fleet {
  /** The API processes that are up; what a client picks may be killed a moment later. */
  readonly apis: readonly ServiceProcess[]
  readonly redis: RedisServer
  readonly counts: Readonly<Record<string, number>>
  /** When Redis came back without its last writes, in ms since 1970. */
  readonly losses: readonly number[]
  /** One misfortune of a process or of the store, chosen at random; what was killed is replaced. */
  strike(at: 'processes' | 'store'): Promise<void>
  lostReplies(): number
  close(): Promise<void>
}

export interface FleetOptions {
  readonly random: Random
  readonly env: Readonly<Record<string, string>>
  /** Whether Redis may lose its last writes. */
  readonly isLossy: boolean
}

/** Two APIs, two workers and a Redis, as real processes, behind a proxy that loses replies. */
export async function startFleet({ random, env, isLossy }: FleetOptions): Promise<Fleet> {
  const redis = await startRedis({ appendOnly: true })
  const proxy = await startReplyLosingProxy(redis.port, (replies) => replies > 500 && random.chance(0.002))
  const serviceEnv = { REDIS_URL: `redis://127.0.0.1:${proxy.port}`, LEASE_MS: '1000', LOG_LEVEL: 'info', ...env }
  const start = (role: 'api' | 'worker') => startProcess(role, serviceEnv)
  const apis = await Promise.all([start('api'), start('api')])
  const workers = await Promise.all([start('worker'), start('worker')])
  const counts: Record<string, number> = {}
  const losses: number[] = []

  const replace = async (list: ServiceProcess[], role: 'api' | 'worker', signal: NodeJS.Signals) => {
    const victim = random.pick(list)
    list.splice(list.indexOf(victim), 1)
    const [next] = await Promise.all([start(role), victim.kill(signal)])
    list.push(next)
  }
  const stop = async (list: readonly ServiceProcess[]) => {
    const victim = random.pick(list)
    await victim.kill('SIGSTOP')
    // Longer than the lease: it wakes up as one that has been given up.
    await sleep(1800)
    await victim.kill('SIGCONT')
  }
  const tellRedis = async (...command: [string, ...string[]]) => {
    const admin = new Redis(redis.url, { retryStrategy: null })
    admin.on('error', () => {})
    await admin.call(...command).catch(() => {})
    admin.disconnect()
  }
  const misfortunes = {
    'kill worker': () => replace(workers, 'worker', 'SIGKILL'),
    'retire worker': () => replace(workers, 'worker', 'SIGTERM'),
    'kill api': () => replace(apis, 'api', 'SIGKILL'),
    'retire api': () => replace(apis, 'api', 'SIGTERM'),
    'stop worker': () => stop(workers),
    'stop api': () => stop(apis),
    'cut connections': () => tellRedis('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'),
    'drop pub/sub': () => tellRedis('CLIENT', 'KILL', 'TYPE', 'pubsub'),
    'restart redis': async () => {
      await redis.kill('SIGKILL')
      // Up to more than two leases.
      await sleep(random.int(2500))
      await redis.restart()
    },
    'lose last writes': async () => {
      await redis.kill('SIGKILL')
      await cutShort(redis.dir, 1 + random.int(20_000))
      losses.push(Date.now())
      await redis.restart()
    },
  } as const satisfies Record<string, () => Promise<void>>
  const often = {
    processes: [
      'kill worker',
      'kill worker',
      'stop worker',
      'stop worker',
      'retire worker',
      'kill api',
      'retire api',
      'stop api',
    ],
    store: ['cut connections', 'drop pub/sub', isLossy ? 'lose last writes' : 'restart redis'],
  } as const

  return {
    apis,
    redis,
    counts,
    losses,
    async strike(at) {
      const misfortune = random.pick<keyof typeof misfortunes>(often[at])
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

/** Takes the last bytes off the append-only file; Redis drops what is then incomplete when it loads it. */
async function cutShort(dir: string, bytes: number): Promise<void> {
  const folder = join(dir, 'appendonlydir')
  const name = (await readdir(folder)).findLast((each) => each.endsWith('.incr.aof'))
  if (name === undefined) return
  const file = await open(join(folder, name), 'r+')
  try {
    const { size } = await file.stat()
    await file.truncate(Math.max(0, size - bytes))
  } finally {
    await file.close()
  }
}
