import { once } from 'node:events'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { forgettingFailedCommands } from '../../../src/engines/redis/failed-commands.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { startSwallowingProxy } from '../../support/proxy/swallowing-proxy.ts'
import { startRedis } from '../../support/redis/redis-server.ts'

test('a command that timed out is not sent again after a reconnection; one that still waits is', async () => {
  const { port } = await startRedis()
  const proxy = await startSwallowingProxy(port)
  const options = { port: proxy.port, host: '127.0.0.1', enableOfflineQueue: false, maxRetriesPerRequest: 1 }
  const redis = opened(new Redis({ ...options, commandTimeout: 200, retryStrategy: () => 1 }), (it) => it.disconnect())
  forgettingFailedCommands(redis).on('error', () => {})
  await once(redis, 'ready')

  const swallowed = proxy.swallow(() => true)
  const given = redis.incr('given-up').catch((error: Error) => error.message)
  await swallowed
  expect(await given).toBe('Command timed out')
  const waiting = redis.incr('waiting')
  proxy.recover()
  expect(await waiting).toBeGreaterThan(0)
  expect(await redis.get('given-up')).toBe('1')
})
