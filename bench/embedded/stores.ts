import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedis } from '../../test/support/redis/redis-server.ts'

export type StoreName = 'disk' | 'memory' | 'everysec' | 'always'

/** A place that one process of the service, or one engine, keeps everything in. */
export interface Store {
  readonly name: StoreName
  /** The variables that select it. */
  readonly env: Readonly<Record<string, string>>
  /** Ends what was started, and removes what was written. */
  remove(): Promise<void>
}

const unlimited = {
  DISPATCHES_PER_MINUTE: '0',
  RUNNING_DISPATCHES: '0',
  WORKER_CONCURRENCY: '100',
  LOG_LEVEL: 'warn',
  SHUTDOWN_GRACE_MS: '0',
}

/** The embedded engine in a folder. */
export function diskStore(): Store {
  const folder = mkdtempSync(join(tmpdir(), 'backchannel-bench-'))
  return {
    name: 'disk',
    env: { ...unlimited, DATA_DIR: folder },
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The embedded engine without a folder. */
function memoryStore(): Store {
  return { name: 'memory', env: { ...unlimited, DATA_DIR: 'memory' }, remove: async () => {} }
}

/** A redis-server with an append-only file, which it syncs once a second or for each command. */
export async function redisStore(sync: 'everysec' | 'always'): Promise<Store> {
  const redis = await startRedis({ appendOnly: true, sync })
  return { name: sync, env: { ...unlimited, REDIS_URL: redis.url }, remove: () => redis.stop() }
}

/** All four, in the order of the table. */
export async function everyStore(): Promise<readonly Store[]> {
  return [diskStore(), memoryStore(), await redisStore('everysec'), await redisStore('always')]
}

/** A list for each store, to collect its rounds in. */
export function noRounds(): Record<StoreName, number[]> {
  return { disk: [], memory: [], everysec: [], always: [] }
}
