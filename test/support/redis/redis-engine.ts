import type { Redis } from 'ioredis'
import { connectRedis } from '../../../src/engines/redis/connection.ts'
import { type Engine, openEngine } from '../../conformance/engines.ts'
import { opened } from '../lifetime/opened.ts'

export interface RedisEngine extends Engine {
  /** For looking at what is stored. */
  readonly redis: Redis
}

/** The engine on a Redis that is running already. */
export async function connectRedisEngine(url: string): Promise<RedisEngine> {
  const engine = await openEngine({ REDIS_URL: url })
  const redis = opened(await connectRedis({ url, name: 'test', patience: 'patient', onError: () => {} }))
  return {
    ...engine,
    redis,
    close: async () => {
      redis.disconnect()
      await engine.close()
    },
  }
}
