import type { Redis } from 'ioredis'
import type { ChannelLog } from '../../src/channel/channel.ts'
import type { DispatchIndex } from '../../src/dispatch/dispatch-index.ts'
import type { ResultChannelLimits, ResultChannels } from '../../src/dispatch/result-channel.ts'
import type { Retention, RunStore } from '../../src/dispatch/run-store.ts'
import type { DueList } from '../../src/dispatch/schedule/due.ts'
import { createMemoryChannels } from '../../src/engines/memory/channel.ts'
import { createMemoryDispatchIndex } from '../../src/engines/memory/dispatch-index.ts'
import { createMemoryDueList } from '../../src/engines/memory/due-list.ts'
import { createMemoryResultChannels } from '../../src/engines/memory/result-channel.ts'
import { createMemoryRunStore } from '../../src/engines/memory/run-store.ts'
import { createRedisChannelLog } from '../../src/engines/redis/channel/channel.ts'
import { connectRedis } from '../../src/engines/redis/connection.ts'
import { createRedisResultChannels } from '../../src/engines/redis/result-channel/result-channel.ts'
import { createRedisDispatchIndex } from '../../src/engines/redis/run/dispatch-index.ts'
import { createRedisRunStore } from '../../src/engines/redis/run/run-store.ts'
import { createRedisDueList } from '../../src/engines/redis/schedule/due-list.ts'
import { startRedis } from '../support/redis/redis-server.ts'

/** The adapters of one engine, as the contract suites use them. */
export interface Engine {
  readonly log: ChannelLog
  readonly runs: RunStore
  readonly results: ResultChannels
  readonly due: DueList
  readonly index: DispatchIndex
  close(): Promise<void>
}

const retention: Retention = { logSeconds: 3600, recordSeconds: 7200 }
const times: ResultChannelLimits = {
  earlyMs: 60_000,
  logSeconds: 3600,
  waitSeconds: 7200,
  maxEntries: 1000,
  maxBytes: 1_000_000,
}

async function openMemoryEngine(): Promise<Engine> {
  const clock = () => Date.now()
  const channels = createMemoryChannels(clock)
  const [due, index] = [createMemoryDueList(), createMemoryDispatchIndex()]
  const runs = createMemoryRunStore({ channels, due, index, clock, retention, maxBytes: 100_000_000 })
  const results = createMemoryResultChannels({ channels, clock, ...times })
  return {
    log: channels,
    runs,
    results,
    due,
    index,
    close: async () => {},
  }
}

async function openRedisEngine(): Promise<Engine> {
  const server = await startRedis()
  const engine = await connectRedisEngine(server.url)
  return {
    ...engine,
    close: async () => {
      await engine.close()
      await server.stop()
    },
  }
}

export interface RedisEngine extends Engine {
  readonly redis: Redis
}

/** The adapters on a Redis that is running already. */
export async function connectRedisEngine(url: string): Promise<RedisEngine> {
  const connect = (name: string) => connectRedis({ url, name, patience: 'patient', onError: () => {} })
  const [redis, subscriber] = await Promise.all([connect('test'), connect('test-subscriber')])
  return {
    redis,
    log: createRedisChannelLog({ reads: redis, subscriber }),
    runs: createRedisRunStore(redis, retention),
    results: createRedisResultChannels(redis, times),
    due: createRedisDueList(redis),
    index: createRedisDispatchIndex(redis),
    close: async () => {
      redis.disconnect()
      subscriber.disconnect()
    },
  }
}

export const engines = [
  ['memory', openMemoryEngine],
  ['Redis', openRedisEngine],
] as const
