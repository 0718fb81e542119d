import type { Redis } from 'ioredis'
import { dueKey } from '../channel/redis-keys.ts'
import type { AccountId, ChannelId, ChannelKey } from '../ids.ts'
import { redisFailure } from '../redis.ts'
import type { DueList } from './due.ts'

export function createRedisDueList(redis: Redis): DueList {
  return {
    async set(key, at) {
      await redis.zadd(dueKey, at, memberOf(key)).catch(rethrow)
    },
    async remove(key) {
      await redis.zrem(dueKey, memberOf(key)).catch(rethrow)
    },
    async due(now, limit) {
      const flat = await redis
        .zrange(dueKey, '-inf', String(now), 'BYSCORE', 'LIMIT', 0, limit, 'WITHSCORES')
        .catch(rethrow)
      return Array.from({ length: flat.length / 2 }, (_, i) => ({
        key: keyOf(flat[2 * i] ?? ''),
        at: Number(flat[2 * i + 1]),
      }))
    },
  }
}

function memberOf({ account, channel }: ChannelKey): string {
  return `${account}/${channel}`
}

function keyOf(member: string): ChannelKey {
  const slash = member.lastIndexOf('/')
  // Only memberOf writes them.
  return { account: member.slice(0, slash) as AccountId, channel: member.slice(slash + 1) as ChannelId }
}

function rethrow(error: unknown): never {
  throw redisFailure(error)
}
