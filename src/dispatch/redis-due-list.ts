import type { Redis } from 'ioredis'
import { dueKey } from '../channel/redis-keys.ts'
import { type AccountId, type ChannelId, type ChannelKey, nameOf } from '../ids.ts'
import { rethrowRedis } from '../redis.ts'
import type { DueList } from './due.ts'

export function createRedisDueList(redis: Redis): DueList {
  return {
    async set(key, at) {
      await redis.zadd(dueKey, at, nameOf(key)).catch(rethrowRedis)
    },
    async remove(key) {
      await redis.zrem(dueKey, nameOf(key)).catch(rethrowRedis)
    },
    async due(now, limit) {
      const flat = await redis
        .zrange(dueKey, '-inf', String(now), 'BYSCORE', 'LIMIT', 0, limit, 'WITHSCORES')
        .catch(rethrowRedis)
      return Array.from({ length: flat.length / 2 }, (_, i) => ({
        key: keyOf(flat[2 * i] ?? ''),
        at: Number(flat[2 * i + 1]),
      }))
    },
  }
}

function keyOf(member: string): ChannelKey {
  const slash = member.lastIndexOf('/')
  // Only `set` writes them.
  return { account: member.slice(0, slash) as AccountId, channel: member.slice(slash + 1) as ChannelId }
}
