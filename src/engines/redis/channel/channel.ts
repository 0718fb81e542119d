import { readFileSync } from 'node:fs'
import { RedisPubSub } from 'graphql-redis-subscriptions'
import type { Redis } from 'ioredis'
import type { ChannelLog, ChannelReads, Head, LogPage, WatchSignal } from '../../../channel/channel.ts'
import { longestJoinedDelta } from '../../../channel/join-deltas.ts'
import { cursorExpired, type ExpiryReason } from '../../../channel/position.ts'
import type { ChannelKey } from '../../../kernel/ids.ts'
import { defineScript, redisFailure, rethrowRedis } from '../connection.ts'
import { channelKeys } from '../keys.ts'
import { createRedisTranscripts } from '../run/transcripts.ts'
import { entriesOfPage } from './entries-of-page.ts'
import { createReadPacked, pageOfPacked } from './packed-reads.ts'
import { decodePublication } from './publication.ts'

const readLua = readFileSync(new URL('./read.lua', import.meta.url), 'utf8')

const heartbeatMs = 5000

export interface RedisChannelConnections {
  /** Patient: a follower waits while Redis is away. */
  readonly reads: Redis
  /** Patient, and used for subscriptions alone. */
  readonly subscriber: Redis
}

/** Reads Redis Streams. The connection decides whether it waits or fails while Redis is away. */
export function createRedisChannelReads(redis: Redis): ChannelReads {
  const readScript = defineScript(redis, 'backchannelRead', readLua)
  const readPacked = createReadPacked(redis)
  const transcripts = createRedisTranscripts(redis)
  const readPage: ChannelReads['read'] = async (key, from, limits) => {
    const { log, head, facts, packed } = channelKeys(key)
    const place = from === null ? ['', 0, ''] : [from.epoch, from.offset, from.tag]
    const args = [...place, limits.maxEntries ?? '', limits.maxBytes, longestJoinedDelta]
    const reply = (await readScript([log, head, facts, packed], args).catch(rethrowRedis)) as string[]
    if (reply[0] !== 'packed') return toPage(reply, from?.offset ?? 0)
    const whole = await readPacked(key)
    // It has expired or was deleted since.
    if (whole === null) throw cursorExpired('removed')
    return pageOfPacked(whole, from, limits)
  }
  return {
    async heads(keys) {
      if (keys.length === 0) return []
      const pipeline = redis.pipeline()
      for (const key of keys) pipeline.hmget(channelKeys(key).head, 'epoch', 'last', 'tag', 'closed')
      const replies = await pipeline.exec().catch(rethrowRedis)
      return (replies ?? []).map(([error, reply]) => {
        if (error !== null) throw redisFailure(error)
        return toHead(reply as (string | null)[])
      })
    },

    async read(key, from, limits) {
      const page = await readPage(key, from, limits)
      if (page === null) return null
      const entries = await transcripts.expand(key, page.entries)
      if (entries === null) throw cursorExpired('removed')
      return { ...page, entries }
    },
  }
}

export interface RedisChannelLog extends ChannelLog {
  /** The same for a topic that is no channel's: each of its messages, and each interruption, calls back. */
  watchTopic(topic: string, listener: () => void): Promise<() => void>
}

/** Reads Redis Streams, and hears of new entries by pub/sub through graphql-redis-subscriptions. */
export function createRedisChannelLog({ reads, subscriber }: RedisChannelConnections): RedisChannelLog {
  const listeners = new Set<(signal: WatchSignal) => void>()
  subscribeAgainUntilPermitted(subscriber)
  const pubsub = new RedisPubSub({
    subscriber: toleratingClose(subscriber),
    // The constructor requires a publisher, but the append script publishes.
    publisher: reads,
    deserializer: (message) => decodePublication(String(message)),
  })
  // ioredis subscribes again before it reports `ready`. Whatever was published before the server read that subscription
  // is lost. The reply to a ping on the same socket shows that the subscription is in place.
  subscriber.on('ready', () => {
    subscriber.ping().then(
      () => {
        for (const listener of listeners) listener('interrupted')
      },
      () => {}, // The connection was cut again. The next `ready` repeats this.
    )
  })

  // A subscriber sends nothing by itself, so without a heartbeat it would never notice a dead connection.
  const heartbeat = setInterval(() => {
    if (subscriber.status === 'ready') subscriber.ping().catch(() => {})
  }, heartbeatMs).unref()
  subscriber.once('end', () => clearInterval(heartbeat))

  const watch = async (topic: string, listener: (signal: WatchSignal) => void) => {
    listeners.add(listener)
    const id = await pubsub.subscribe<WatchSignal>(topic, listener).catch((error: unknown) => {
      listeners.delete(listener)
      throw redisFailure(error)
    })
    return () => {
      listeners.delete(listener)
      pubsub.unsubscribe(id)
    }
  }
  return {
    ...createRedisChannelReads(reads),
    watch: (key: ChannelKey, listener) => watch(channelKeys(key).topic, listener),
    watchTopic: (topic, listener) => watch(topic, () => listener()),
  }
}

function toHead([epoch, last, tag, closed]: readonly (string | null)[]): Head | null {
  if (epoch == null) return null
  return { epoch, last: Number(last), lastTag: tag ?? '', isClosed: closed === '1' }
}

function toPage([outcome, ...rest]: readonly string[], after: number): LogPage | null {
  if (outcome === 'absent') return null
  // The script gives only the reasons that the type lists.
  if (outcome === 'expired') throw cursorExpired(rest[0] as ExpiryReason)
  const [epoch = '', last = '', tag = '', closed = '', ...fields] = rest
  return { epoch, last: Number(last), lastTag: tag, isClosed: closed === '1', entries: entriesOfPage(fields, after) }
}

/** The pause before channels that the user may not use are subscribed to again. */
const resubscribeMs = 1000

/**
 * ioredis does not await its own subscriptions after a reconnection. Redis cuts the connection of a user who loses a channel,
 * so these are refused, and the rejection would end the process. Watchers go on by the checks of heads meanwhile.
 */
function subscribeAgainUntilPermitted(subscriber: Redis): void {
  const subscribe = subscriber.subscribe.bind(subscriber) as (...args: unknown[]) => Promise<unknown>
  const own = (...args: unknown[]): Promise<unknown> => {
    const done = subscribe(...args)
    const [channels] = args
    // Only ioredis itself gives a list.
    if (Array.isArray(channels)) done.catch(() => setTimeout(again, resubscribeMs, channels).unref())
    return done
  }
  const again = (channels: readonly unknown[]) => {
    if (subscriber.status === 'ready') own(channels).catch(() => {}) // It has been repeated.
  }
  subscriber.subscribe = own as Redis['subscribe']
}

/**
 * graphql-redis-subscriptions does not await its unsubscribe calls. On a connection that is closing, their rejections
 * would end the process. A closed connection has no subscriptions, so ignoring them loses nothing.
 */
function toleratingClose(subscriber: Redis): Redis {
  const tolerated = new Set<PropertyKey>(['unsubscribe', 'punsubscribe'])
  return new Proxy(subscriber, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property)
      if (typeof value !== 'function') return value
      if (!tolerated.has(property)) return value.bind(target)
      return (...args: unknown[]) => Promise.resolve(value.apply(target, args)).catch(() => {})
    },
  })
}
