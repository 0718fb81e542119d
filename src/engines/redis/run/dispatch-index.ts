import type { Redis } from 'ioredis'
import type { ConversationIndex, DispatchIndex } from '../../../dispatch/dispatch-index.ts'
import type { AccountId, ChannelId, ConversationId } from '../../../kernel/ids.ts'
import { rethrowRedis } from '../connection.ts'
import { conversationsKey } from '../keys.ts'

/** @param keyOf where the dispatches of an account, or of a conversation, stand: a sorted set of channels by time, in ms */
export function createRedisDispatchIndex<Of = AccountId>(redis: Redis, keyOf: (of: Of) => string): DispatchIndex<Of> {
  return {
    async page(of, before, limit) {
      const from = before === null ? null : { name: before.channel, at: before.createdAt }
      const places = await newestFirst(redis, keyOf(of), from, limit)
      return places.map(({ name, at }) => ({ channel: name as ChannelId, createdAt: at }))
    },

    async remove(of, channels) {
      if (channels.length > 0) await redis.zrem(keyOf(of), ...channels).catch(rethrowRedis)
    },
  }
}

export function createRedisConversationIndex(redis: Redis): ConversationIndex {
  return {
    async page(account, before, limit) {
      const from = before === null ? null : { name: before.conversation, at: before.updatedAt }
      const places = await newestFirst(redis, conversationsKey(account), from, limit)
      return places.map(({ name, at }) => ({ conversation: name as ConversationId, updatedAt: at }))
    },

    async remove(account, conversations) {
      if (conversations.length > 0) await redis.zrem(conversationsKey(account), ...conversations).catch(rethrowRedis)
    },
  }
}

export interface Scored {
  readonly name: string
  readonly at: number
}

export async function newestFirst(redis: Redis, key: string, before: Scored | null, limit: number): Promise<Scored[]> {
  const places: Scored[] = []
  const max = before === null ? '+inf' : String(before.at)
  // Scores are milliseconds, so several places may share one. Places with the score of `before` that precede it are skipped.
  for (let skip = 0; places.length < limit; skip += limit) {
    const flat = await redis
      .zrange(key, max, '-inf', 'BYSCORE', 'REV', 'LIMIT', skip, limit, 'WITHSCORES')
      .catch(rethrowRedis)
    for (let i = 0; i + 1 < flat.length && places.length < limit; i += 2) {
      const place = { name: flat[i] ?? '', at: Number(flat[i + 1]) }
      if (isBefore(place, before)) places.push(place)
    }
    if (flat.length < 2 * limit) break
  }
  return places
}

function isBefore(place: Scored, before: Scored | null): boolean {
  if (before === null || place.at < before.at) return true
  return place.at === before.at && place.name < before.name
}
