import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { connectRedisEngine } from '../../redis/redis-engine.ts'
import { startRedis } from '../../redis/redis-server.ts'
import { startProcess } from '../../service/start-process.ts'
import { startService } from '../../service/start-service.ts'
import { opened } from '../opened.ts'

test('opens one of each kind, and fails', async () => {
  const redis = await startRedis()
  await connectRedisEngine(redis.url)
  await startService({ redisUrl: redis.url })
  await startProcess('worker', { REDIS_URL: redis.url })
  await once(opened(createServer()).listen(0, '127.0.0.1'), 'listening')
  expect('what is said').toBe('what was expected')
})

test('is too slow, and opens a Redis when its time is over', async () => {
  await new Promise((resolve) => setTimeout(resolve, 300))
  await startRedis()
}, 200)
