import type { Redis } from 'ioredis'
import { createMemoryCollections } from '../../src/engines/memory/collection.ts'
import { createMemoryRecordStore } from '../../src/engines/memory/record-store.ts'
import { createMemoryStore } from '../../src/engines/memory/store.ts'
import { connectRedis } from '../../src/engines/redis/connection.ts'
import { createRedisRecordStore } from '../../src/engines/redis/store/record-store.ts'
import { createRedisStore } from '../../src/engines/redis/store/store.ts'
import type { RecordStore, ResourceStore } from '../../src/store/store.ts'
import { startRedis } from '../support/redis/redis-server.ts'

/** The store's adapters of one engine. */
export interface StoreEngine {
  readonly store: ResourceStore
  /** The same store as another process has it: over a connection of its own, where there are connections. */
  readonly elsewhere: ResourceStore
  readonly records: RecordStore
  /** Null for the embedded engine. */
  readonly redis: Redis | null
  close(): Promise<void>
}

async function openMemoryStore(): Promise<StoreEngine> {
  const collections = createMemoryCollections(() => Date.now())
  const store = createMemoryStore(collections)
  return {
    store,
    elsewhere: createMemoryStore(collections),
    records: createMemoryRecordStore(collections),
    redis: null,
    close: async () => {},
  }
}

async function openRedisStore(): Promise<StoreEngine> {
  const server = await startRedis()
  const connect = () => connectRedis({ url: server.url, name: 'test', patience: 'patient', onError: () => {} })
  const [redis, other] = await Promise.all([connect(), connect()])
  return {
    store: createRedisStore(redis),
    elsewhere: createRedisStore(other),
    records: createRedisRecordStore(redis),
    redis,
    close: async () => {
      redis.disconnect()
      other.disconnect()
      await server.stop()
    },
  }
}

export const storeEngines = [
  ['memory', openMemoryStore],
  ['Redis', openRedisStore],
] as const
