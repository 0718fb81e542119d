import type { Redis } from 'ioredis'
import { rethrowRedis } from '../connection.ts'

/** Where Redis has no `maxmemory`, or does not tell it. */
const unknownShare = 10_000_000_000

/** What one account may have stored unless it is configured: half of what Redis may use, so that no account can fill it. */
export async function shareOfMemory(redis: Redis): Promise<number> {
  const info = await redis.info('memory').catch(rethrowRedis)
  const most = Number(/^maxmemory:(\d+)/m.exec(info)?.[1] ?? 0)
  return most === 0 ? unknownShare : Math.ceil(most / 2)
}
