import { Redis } from 'ioredis'
import { startRedis } from '../support/redis/redis-server.ts'
import { type ServiceProcess, startProcess } from '../support/service/start-process.ts'
import { type Account, openAccount } from './account.ts'

/** One API process and one worker process on a Redis of their own, as users start them, with two accounts. */
export interface Place {
  readonly api: ServiceProcess
  readonly worker: ServiceProcess
  /** The attacker's. */
  readonly attackerKey: string
  /** Wants to be served as if it were alone. */
  readonly neighbour: Account
  /** What Redis holds now, in bytes. */
  storedBytes(): Promise<number>
  close(): Promise<void>
}

const attackerKey = 'attacker-key-0123456789'
const neighbourKey = 'neighbour-key-0123456789'

/** `env` goes to both processes. */
export async function startPlace(env: Readonly<Record<string, string>> = {}): Promise<Place> {
  const redis = await startRedis()
  const settings = {
    REDIS_URL: redis.url,
    API_KEYS: `attacker:${attackerKey},neighbour:${neighbourKey}`,
    METRICS_PORT: '0',
    SECRETS_KEY: Buffer.alloc(32, 'key of this test').toString('base64'),
    LOG_LEVEL: 'info',
    ...env,
  }
  const [api, worker] = await Promise.all([startProcess('api', settings), startProcess('worker', settings)])
  const client = new Redis(redis.url)
  return {
    api,
    worker,
    attackerKey,
    neighbour: openAccount(api.url, neighbourKey),
    async storedBytes() {
      return Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1])
    },
    async close() {
      client.disconnect()
      await Promise.all([api.kill(ending), worker.kill(ending)])
      await redis.stop()
    },
  }
}

const ending = process.env['NODE_OPTIONS']?.includes('--cpu-prof') ? 'SIGTERM' : 'SIGKILL'
