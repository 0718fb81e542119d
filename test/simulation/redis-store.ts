import type { Redis } from 'ioredis'
import type { LineNews } from '../../src/dispatch/line/line.ts'
import { createRedisChannelLog } from '../../src/engines/redis/channel/channel.ts'
import { connectRedis, defineScript } from '../../src/engines/redis/connection.ts'
import { ledgerKeys, lineKeys } from '../../src/engines/redis/keys.ts'
import { createRedisLineDueList, createRedisLines } from '../../src/engines/redis/line/line-store.ts'
import { createRedisTranscriptStore } from '../../src/engines/redis/line/transcript-store.ts'
import { createRedisMemberIndex } from '../../src/engines/redis/lists/dispatch-index.ts'
import { createRedisResultChannels } from '../../src/engines/redis/result-channel/result-channel.ts'
import { createRedisRunStore } from '../../src/engines/redis/run/run-store.ts'
import { createRedisDueList } from '../../src/engines/redis/schedule/due-list.ts'
import { createRedisDeliveries } from '../../src/engines/redis/webhook/deliveries.ts'
import { createRedisWebhookStore } from '../../src/engines/redis/webhook/webhook-store.ts'
import { localAccount } from '../../src/kernel/ids.ts'
import { readLog } from '../faults/read-log.ts'
import { began, immediately, log, type OpenStore, retention, type SimulatedStore, times } from './store.ts'

export interface RedisStores {
  readonly open: OpenStore
  close(): Promise<void>
}

/** One server for any number of simulations, one after the other; each begins with an empty one. */
export async function openRedisStores(url: string): Promise<RedisStores> {
  const connect = (name: string) => connectRedis({ url, name, patience: 'patient', onError: () => {} })
  const [redis, subscriber] = await Promise.all([connect('simulation'), connect('simulation-subscriber')])
  const tellTime = giveVirtualTime(redis)
  const channels = createRedisChannelLog({ reads: redis, subscriber })
  const lineNews: LineNews = { watch: (key, listener) => channels.watchTopic(lineKeys(key).topic, listener) }
  const engine = {
    log: channels,
    lineNews,
    runs: createRedisRunStore(redis, retention, { log, accountBytes: 1e12 }),
    results: createRedisResultChannels(redis, { ...times, earlyMs: 500_000_000 }, 1e12),
    due: createRedisDueList(redis),
    lines: createRedisLines(redis, { accountBytes: 1e12, keepSeconds: retention.recordSeconds }),
    members: createRedisMemberIndex(redis),
    lineDue: createRedisLineDueList(redis),
    transcripts: createRedisTranscriptStore(redis, retention),
    webhooks: createRedisWebhookStore(redis, 1e12),
    deliveries: createRedisDeliveries(redis),
  }
  // Redis tells the fields of a hash in an order of its own, another one each time.
  const inOrder: Pick<SimulatedStore, 'runs' | 'results'> = {
    runs: {
      ...engine.runs,
      pending: async (key) => (await engine.runs.pending(key)).toSorted(by(({ call }) => call.id)),
    },
    results: {
      ...engine.results,
      undelivered: async (key) => (await engine.results.undelivered(key)).toSorted(by(({ waiter }) => waiter.callId)),
    },
  }
  // What was published before this was sent stands before its answer.
  const arrived = async () => {
    await subscriber.ping()
    await immediately()
  }
  return {
    close: async () => {
      redis.disconnect()
      subscriber.disconnect()
    },
    async open(time) {
      await redis.flushall()
      const clock = () => began + time.tick()
      const ours = async () => (await redis.keys('*')).filter((key) => key !== timeKey).toSorted()
      return {
        ...engine,
        ...inOrder,
        clock,
        overdueSeconds: -100_000,
        mortal: null,
        // The server goes on to the next.
        close: () => {},
        // The ledger by what it holds.
        everything: async () => {
          const { held, ends } = ledgerKeys(localAccount)
          const names = (await redis.zrange(ends, '0', '-1')).map((name) => `held: ${name}`)
          return [...(await ours()).filter((key) => key !== held && key !== ends), ...names]
        },
        resultsWhenLost: 'either',
        settled: async () => {
          const [now] = await Promise.all([tellTime(began + time.now()), arrived()])
          time.reach(now - began)
        },
        entries: async (key) => (await readLog(redis, key.channel)).log,
        kept: async ({ channel }) => {
          const base = `bc:{a/local/${channel}}`
          return { early: await redis.llen(`${base}:early`), matched: await redis.hlen(`${base}:assigned`) }
        },
        keep: async () => {
          const keys = await ours()
          const dumps = await Promise.all(keys.map((key) => redis.dumpBuffer(key)))
          const expiries = await Promise.all(keys.map((key) => redis.pttl(key)))
          return async () => {
            // But for the time, which goes on.
            for (const key of await ours()) await redis.del(key)
            for (const [index, key] of keys.entries()) {
              const dump = dumps[index]
              if (dump != null) await redis.restore(key, Math.max(0, expiries[index] ?? 0), dump)
            }
          }
        },
      }
    },
  }
}

const by =
  <Item>(nameOf: (item: Item) => string) =>
  (one: Item, other: Item) =>
    nameOf(one) < nameOf(other) ? -1 : 1

const timeKey = 'simulated-ms'

/** Scripts ask this key instead of TIME; each look takes a millisecond. */
const virtualTime = `(function()
  local ms = redis.call('INCR', '${timeKey}')
  return { string.format('%.0f', math.floor(ms / 1000)), string.format('%.0f', ms % 1000 * 1000) }
end)()`

/** Redis has a time of its own from now on, which is told what others have, and tells what it has then. Ms since 1970. */
function giveVirtualTime(redis: Redis): (now: number) => Promise<number> {
  const define = redis.defineCommand.bind(redis)
  redis.defineCommand = (name, { lua = '', ...definition }) =>
    define(name, { ...definition, lua: lua.replaceAll("redis.call('TIME')", virtualTime) })
  const tell = defineScript(
    redis,
    'simulated-time',
    `local now = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), tonumber(ARGV[1]))
      redis.call('SET', KEYS[1], string.format('%.0f', now))
      return string.format('%.0f', now)`,
  )
  return async (now) => Number(await tell([timeKey], [String(now)]))
}
