import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import type { ConversationIndex, DispatchIndex } from '../../../dispatch/dispatch-index.ts'
import type { AccountId, ChannelId, ConversationId, ConversationKey } from '../../../kernel/ids.ts'
import { defineScript, rethrowRedis } from '../connection.ts'
import { conversationsKey, indexKey, lineKeys } from '../keys.ts'

/** The dispatches of an account: a sorted set of channels by time, in ms. */
export function createRedisDispatchIndex(redis: Redis): DispatchIndex<AccountId> {
  return indexIn(redis, (account) => [indexKey(account)])
}

/** The dispatches of a conversation, of which those that stand in its line stay. */
export function createRedisMemberIndex(redis: Redis): DispatchIndex<ConversationKey> {
  return indexIn(redis, (key) => {
    const { members, places } = lineKeys(key)
    return [members, places]
  })
}

/** @param keysOf the sorted set; the line's places, if there is a line */
function indexIn<Of>(redis: Redis, keysOf: (of: Of) => readonly [list: string, places?: string]): DispatchIndex<Of> {
  const remove = removalOf(redis)
  return {
    async page(of, before, limit) {
      const from = before === null ? null : { name: before.channel, at: before.createdAt }
      const places = await newestFirst(redis, keysOf(of)[0], from, limit)
      return places.map(({ name, at }) => ({ channel: name as ChannelId, createdAt: at }))
    },

    remove: (of, places) =>
      remove(
        keysOf(of) as readonly string[],
        places.map(({ channel, createdAt }) => ({ name: channel, at: createdAt })),
      ),
  }
}

/** Removes names from a sorted set that were seen there at these times, as remove-places.lua does. */
export function removalOf(redis: Redis) {
  const script = defineScript(redis, 'backchannel-remove-places', lua)
  return async (keys: readonly string[], gone: readonly (Pick<Scored, 'name'> & { readonly at: number | null })[]) => {
    if (gone.length === 0) return
    const args = gone.flatMap(({ name, at }) => [name, at ?? ''])
    await script(keys, args).catch(rethrowRedis)
  }
}

const lua = readFileSync(new URL('./remove-places.lua', import.meta.url), 'utf8')

export function createRedisConversationIndex(redis: Redis): ConversationIndex {
  const remove = removalOf(redis)
  return {
    async page(account, before, limit) {
      const from = before === null ? null : { name: before.conversation, at: before.updatedAt }
      const places = await newestFirst(redis, conversationsKey(account), from, limit)
      return places.map(({ name, at }) => ({ conversation: name as ConversationId, updatedAt: at }))
    },

    remove: (account, places) =>
      remove(
        [conversationsKey(account)],
        places.map(({ conversation, updatedAt }) => ({ name: conversation, at: updatedAt })),
      ),
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
