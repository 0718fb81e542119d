import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import type { AccountId, ResourceId } from '../../../kernel/ids.ts'
import {
  channelOf,
  type Deliveries,
  type DeliveryKey,
  type DeliveryPlace,
  deliveryId,
  parseDeliveryId,
} from '../../../webhooks/delivery.ts'
import { decodeDelivery, decodeNotice } from '../../notice.ts'
import { defineScript, rethrowRedis } from '../connection.ts'
import { channelKeys, hooksDueKey, hooksKey } from '../keys.ts'
import { newestFirst } from '../lists/dispatch-index.ts'
import { webhookName } from './webhook-store.ts'

/** Each method is one script or command, on the account's endpoints or the channel's deliveries; `page` reads both, one after the other. */
export function createRedisDeliveries(redis: Redis): Deliveries {
  const script = (name: string) => {
    const lua = readFileSync(new URL(`./${name}.lua`, import.meta.url), 'utf8')
    const run = defineScript(redis, `backchannel-${name}`, lua)
    return (keys: readonly string[], args: readonly (string | number)[]) => run(keys, args).catch(rethrowRedis)
  }
  const take = script('take-deliveries')
  const settle = script('settle-delivery')
  const release = script('release-delivery')
  const fieldsOf = (key: DeliveryKey, fields: readonly string[]) =>
    redis.hmget(channelKeys(channelOf(key)).deliveries, ...fields).catch(rethrowRedis)
  const releaseAt = (key: DeliveryKey, at: number | '') =>
    release([hooksKey(key.account), hooksDueKey], [key.webhook, webhookName(key), deliveryId(key), at])

  return {
    async due(now, limit) {
      const names = await redis
        .zrange(hooksDueKey, '-inf', String(now), 'BYSCORE', 'LIMIT', 0, limit)
        .catch(rethrowRedis)
      return names.map((name) => {
        const slash = name.lastIndexOf('/')
        // Only scripts add names, of ids.
        return { account: name.slice(0, slash) as AccountId, webhook: name.slice(slash + 1) as ResourceId }
      })
    },

    async take(key, { now, limit, leaseMs }) {
      const args = [key.webhook, webhookName(key), now, limit, leaseMs]
      const ids = (await take([hooksKey(key.account), hooksDueKey], args)) as string[]
      return ids.flatMap((id) => parseDeliveryId(key.account, id) ?? [])
    },

    async load(key) {
      const [row, notice] = await fieldsOf(key, [fieldOf(key), `n:${key.notice}`])
      return row == null || notice == null ? null : { delivery: decodeDelivery(row), notice: decodeNotice(notice) }
    },

    async settle(key, before, after) {
      const keys = [channelKeys(channelOf(key)).deliveries, hooksKey(key.account), hooksDueKey]
      const rows = [fieldOf(key), JSON.stringify(before), JSON.stringify(after)]
      const args = [key.webhook, webhookName(key), deliveryId(key), ...rows, after.nextAt ?? '']
      return (await settle(keys, args)) === 1
    },

    async release(key, at) {
      await releaseAt(key, at)
    },

    async forget(key) {
      await releaseAt(key, '')
    },

    async page(key, before, limit) {
      const listKey = `${hooksKey(key.account)}:list:${key.webhook}`
      const from = before === null ? null : { name: deliveryId(before.key), at: before.createdAt }
      const listed = await newestFirst(redis, listKey, from, limit)
      const places = listed.flatMap(({ name, at }): readonly DeliveryPlace[] => {
        const found = parseDeliveryId(key.account, name)
        return found === null ? [] : [{ key: found, createdAt: at }]
      })
      const rows = await Promise.all(places.map((place) => fieldsOf(place.key, [fieldOf(place.key)])))
      const gone = places.filter((_, i) => rows[i]?.[0] == null).map((place) => deliveryId(place.key))
      if (gone.length > 0) await redis.zrem(listKey, ...gone).catch(rethrowRedis)
      return {
        items: places.flatMap((place, i) => {
          const row = rows[i]?.[0]
          return row == null ? [] : [{ key: place.key, delivery: decodeDelivery(row) }]
        }),
        next: listed.length < limit ? null : (places.at(-1) ?? null),
      }
    },
  }
}

function fieldOf({ notice, webhook }: Pick<DeliveryKey, 'notice' | 'webhook'>): string {
  return `${notice}~${webhook}`
}
