import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { connectRedis } from '../../../src/engines/redis/connection.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { startRedis } from '../../support/redis/redis-server.ts'

test('commands behind 24 others are written together at the end of the turn, and answered in order', async () => {
  const { url } = await startRedis()
  const connection = await connectRedis({ url, name: 'test', patience: 'patient', onError: () => {} })
  const redis = opened(connection, (it) => it.disconnect())
  const corked: number[] = []
  const replies = Array.from({ length: 30 }, () => {
    const reply = redis.incr('count')
    corked.push(redis.stream.writableCorked)
    return reply
  })
  expect(corked).toEqual([...Array(24).fill(0), ...Array(6).fill(1)])
  await setImmediate()
  expect(redis.stream.writableCorked).toBe(0)
  expect(await Promise.all(replies)).toEqual(Array.from({ length: 30 }, (_, n) => n + 1))
})

test('a connection that is lost while it holds writes back sends them over the next one', async () => {
  const { url } = await startRedis()
  const connection = await connectRedis({ url, name: 'test', patience: 'patient', onError: () => {} })
  const redis = opened(connection, (it) => it.disconnect())
  const replies = Array.from({ length: 60 }, (_, n) => redis.set(`key ${n}`, n))
  expect(redis.stream.writableCorked).toBe(1)
  redis.stream.destroy()
  expect(new Set(await Promise.all(replies))).toEqual(new Set(['OK']))
  expect(await redis.dbsize()).toBe(60)
  expect(redis.stream.writableCorked).toBe(0)
})
