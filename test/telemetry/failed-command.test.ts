import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { connectRedis } from '../../src/engines/redis/connection.ts'
import { unavailable } from '../../src/kernel/errors.ts'
import { createLogger } from '../../src/telemetry/logger.ts'
import { opened } from '../support/lifetime/opened.ts'
import { type RedisServer, startRedis } from '../support/redis/redis-server.ts'
import { createRedisUser, openAdmin } from '../support/redis/redis-users.ts'

const words = 'what was said in confidence'

function logged(error: unknown): string {
  const lines: string[] = []
  const logger = createLogger('trace', { destination: { write: (line) => void lines.push(line) } })
  logger.warn({ err: error }, 'recovering')
  logger.warn({ err: unavailable('Redis cannot be reached.', { cause: error }) }, 'recovering')
  logger.warn({ err: new AggregateError([error], 'several', { cause: error }), tries: [error] }, 'recovering')
  return lines.join('')
}

const connect = async (url: string, patience: 'patient' | 'impatient' = 'impatient') => {
  const redis = await connectRedis({ url, name: 'test', patience, onError: () => {} })
  return opened(redis, (it) => it.disconnect())
}

/** Every way in which a command fails. */
const failures: Readonly<Record<string, (server: RedisServer, redis: Redis) => Promise<unknown>>> = {
  'that Redis refuses': async (_, redis) => {
    await redis.set('text', words)
    return redis.hset('text', 'f', words)
  },
  'that Redis does not have': (_, redis) => redis.call('RENAMEDHSET', 'key', words),
  'that the user may not call': async (server) => {
    const user = await createRedisUser(await openAdmin(server.url), ['+info'])
    return (await connect(user.url)).hset('key', 'f', words)
  },
  'in a script': (_, redis) => redis.eval("return redis.call('HSET', KEYS[1], 'f')", 1, 'key', words),
  'that a script does not have': (_, redis) => redis.eval("return redis.call('NOSUCH', ARGV[1])", 0, words),
  'in a transaction': (_, redis) => redis.multi().set('key', words).call('RENAMEDHSET', words).exec(),
  'in a pipeline': async (_, redis) => {
    await redis.set('text', 'x')
    const [reply] = (await redis.pipeline().hset('text', 'f', words).exec()) ?? []
    throw reply?.[0]
  },
  'that runs out of time': async (server, redis) => {
    await server.kill('SIGSTOP')
    return redis.set('key', words).finally(() => server.kill('SIGCONT'))
  },
  'whose connection is cut': async (server, redis) => {
    await server.kill('SIGSTOP')
    const set = redis.set('key', words)
    redis.disconnect()
    return set.finally(() => server.kill('SIGCONT'))
  },
  'whose connection is closed': (_, redis) => {
    redis.disconnect()
    return redis.set('key', words)
  },
  'that is given up after its tries': async (server, redis) => {
    await server.kill('SIGSTOP')
    const set = redis.set('key', words)
    await server.kill('SIGKILL')
    return set
  },
}

test.each(Object.entries(failures))('a log says nothing of the arguments of a command %s', async (_, fail) => {
  const server = await startRedis()
  const redis = await connect(server.url)
  const error: unknown = await fail(server, redis).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(Error)
  expect(logged(error)).not.toContain(words)
  expect(logged(error)).toContain((error as Error).message.split(/[,"(]/)[0])
})
