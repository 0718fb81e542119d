import type { Redis } from 'ioredis'
import type { DueList } from '../../../dispatch/schedule/due.ts'
import { type AccountId, type ChannelId, nameOf } from '../../../kernel/ids.ts'
import { defineScript, rethrowRedis } from '../connection.ts'
import { dueKey } from '../keys.ts'

/** A sorted set of channel names, by the time of the next look. */
export function createRedisDueList(redis: Redis): DueList {
  return createDueListAt(redis, dueKey, ({ account, name }) => ({ account, channel: name as ChannelId }), nameOf)
}

/** @param listKey a sorted set of names, each of which is an account, a slash and something of that account's */
export function createDueListAt<Key>(
  redis: Redis,
  listKey: string,
  toKey: (parts: { readonly account: AccountId; readonly name: string }) => Key,
  nameOf: (key: Key) => string,
): DueList<Key> {
  const moveScript = defineScript(redis, 'backchannelDueMove', moveLua)
  return {
    async bring(key, at) {
      await redis.zadd(listKey, 'LT', at, nameOf(key)).catch(rethrowRedis)
    },
    async due(now, limit) {
      const flat = await redis
        .zrange(listKey, '-inf', String(now), 'BYSCORE', 'LIMIT', 0, limit, 'WITHSCORES')
        .catch(rethrowRedis)
      return Array.from({ length: flat.length / 2 }, (_, i) => ({
        key: toKey(partsOf(flat[2 * i] ?? '')),
        at: Number(flat[2 * i + 1]),
      }))
    },
    async move({ key, at: before }, at) {
      const isMoved = await moveScript([listKey], [nameOf(key), before, at]).catch(rethrowRedis)
      return isMoved === 1 ? { key, at } : null
    },
    async drop({ key, at }) {
      await moveScript([listKey], [nameOf(key), at, '']).catch(rethrowRedis)
    },
  }
}

/** ARGV: member, its expected score, the new score or empty. Returns 1, or 0 if the score is another. */
const moveLua = `
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not score or tonumber(score) ~= tonumber(ARGV[2]) then return 0 end
if ARGV[3] == '' then redis.call('ZREM', KEYS[1], ARGV[1]) else redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1]) end
return 1
`

function partsOf(member: string) {
  const slash = member.lastIndexOf('/')
  // Only `bring` and the scripts add members, so these are ids.
  return { account: member.slice(0, slash) as AccountId, name: member.slice(slash + 1) }
}
