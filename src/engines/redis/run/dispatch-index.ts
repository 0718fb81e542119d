import type { Redis } from 'ioredis'
import type { DispatchIndex, IndexPlace } from '../../../dispatch/dispatch-index.ts'
import type { ChannelId } from '../../../kernel/ids.ts'
import { rethrowRedis } from '../connection.ts'
import { indexKey } from '../keys.ts'

export function createRedisDispatchIndex(redis: Redis): DispatchIndex {
  return {
    async page(account, before, limit) {
      const places: IndexPlace[] = []
      const max = before === null ? '+inf' : String(before.createdAt)
      // Scores are milliseconds, so several places may share one. Places with the score of `before` that precede it are skipped.
      for (let skip = 0; places.length < limit; skip += limit) {
        const flat = await redis
          .zrange(indexKey(account), max, '-inf', 'BYSCORE', 'REV', 'LIMIT', skip, limit, 'WITHSCORES')
          .catch(rethrowRedis)
        for (let i = 0; i + 1 < flat.length && places.length < limit; i += 2) {
          const place = { channel: flat[i] as ChannelId, createdAt: Number(flat[i + 1]) }
          if (isBefore(place, before)) places.push(place)
        }
        if (flat.length < 2 * limit) break
      }
      return places
    },

    async remove(account, channels) {
      if (channels.length > 0) await redis.zrem(indexKey(account), ...channels).catch(rethrowRedis)
    },
  }
}

function isBefore(place: IndexPlace, before: IndexPlace | null): boolean {
  if (before === null || place.createdAt < before.createdAt) return true
  return place.createdAt === before.createdAt && place.channel < before.channel
}
