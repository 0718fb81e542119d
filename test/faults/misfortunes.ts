import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { loseLast } from '../support/redis/append-only-file.ts'
import type { RedisServer } from '../support/redis/redis-server.ts'
import type { ServiceProcess } from '../support/service/start-process.ts'
import type { Random } from './random.ts'

export type Misfortune = FleetMisfortune | EmbeddedMisfortune

/** Of the one process of the embedded engine. */
export type EmbeddedMisfortune = 'kill everything' | 'retire everything' | 'start a second process'

export type FleetMisfortune =
  | 'kill worker'
  | 'retire worker'
  | 'stop worker'
  | 'kill api'
  | 'retire api'
  | 'stop api'
  | 'cut connections'
  | 'drop subscribers'
  | 'restart redis'
  | 'lose last writes'
  | 'lose last writes under a stopped worker'

export interface Struck {
  readonly random: Random
  readonly redis: RedisServer
  readonly apis: ServiceProcess[]
  readonly workers: ServiceProcess[]
  start(role: 'api' | 'worker'): Promise<ServiceProcess>
  /** Redis has died, and its last writes with it. */
  onLoss(): void
}

/** Brings one about; what was killed has been replaced when it is over. */
export function strike(misfortune: FleetMisfortune, struck: Struck): Promise<void> {
  const { random, redis, apis, workers, onLoss } = struck
  switch (misfortune) {
    case 'kill worker':
      return replace(struck, 'worker', 'SIGKILL')
    case 'retire worker':
      return replace(struck, 'worker', 'SIGTERM')
    case 'stop worker':
      return stop(random.pick(workers))
    case 'kill api':
      return replace(struck, 'api', 'SIGKILL')
    case 'retire api':
      return replace(struck, 'api', 'SIGTERM')
    case 'stop api':
      return stop(random.pick(apis))
    case 'cut connections':
      return tellRedis(redis, 'CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
    case 'drop subscribers':
      return tellRedis(redis, 'CLIENT', 'KILL', 'TYPE', 'pubsub')
    case 'restart redis':
      return restart(redis, random)
    case 'lose last writes':
      return loseLast(redis, { bytes: 1 + random.int(20_000), onLoss })
    case 'lose last writes under a stopped worker':
      return loseUnder(random.pick(workers), struck)
  }
}

/** It wakes up and holds runs that the store has never given it, and that another has taken meanwhile. */
async function loseUnder(victim: ServiceProcess, { random, redis, onLoss }: Struck): Promise<void> {
  await victim.kill('SIGSTOP')
  // Long enough ago that some of what it holds is gone altogether.
  await loseLast(redis, { bytes: 1 + random.int(150_000), onLoss })
  // The other worker has taken it by then.
  await sleep(1000 + random.int(1500))
  await victim.kill('SIGCONT')
}

async function replace({ random, apis, workers, start }: Struck, role: 'api' | 'worker', signal: NodeJS.Signals) {
  const list = role === 'api' ? apis : workers
  const victim = random.pick(list)
  list.splice(list.indexOf(victim), 1)
  const [next] = await Promise.all([start(role), victim.kill(signal)])
  list.push(next)
}

async function stop(victim: ServiceProcess): Promise<void> {
  await victim.kill('SIGSTOP')
  // Longer than the lease: it wakes up as one that has been given up.
  await sleep(1800)
  await victim.kill('SIGCONT')
}

async function restart(redis: RedisServer, random: Random): Promise<void> {
  await redis.kill('SIGKILL')
  // Up to more than two leases.
  await sleep(random.int(2500))
  await redis.restart()
}

async function tellRedis({ url }: RedisServer, ...command: [string, ...string[]]): Promise<void> {
  const admin = new Redis(url, { retryStrategy: null })
  admin.on('error', () => {})
  await admin.call(...command).catch(() => {})
  admin.disconnect()
}
