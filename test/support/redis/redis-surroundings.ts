import { connectRedis } from '../../../src/engines/redis/connection.ts'
import type { EngineSurroundings } from '../../conformance/engines.ts'
import { startRedis } from './redis-server.ts'
import { createRedisUser, openAdmin } from './redis-users.ts'

/** BullMQ's own, whatever the number of jobs, the order of turns, what the workers that are up announce, and the form of the data. */
const always = [
  ...['meta', 'events', 'marker', 'id', 'stalled-check'].map((name) => `{bc}:runs:${name}`),
  ...['', ':providers', ':tags', ':swept'].map((name) => `{bc}:fair${name}`),
  'bc:places',
  'bc:form',
]

/** The engine connects as a user with exactly the permissions that the docs list. */
export async function startRedisSurroundings(): Promise<EngineSurroundings> {
  const server = await startRedis()
  const user = await createRedisUser(await openAdmin(server.url))
  return {
    env: { REDIS_URL: user.url },
    async stored() {
      const redis = await connectRedis({ url: server.url, name: 'test', patience: 'patient', onError: () => {} })
      const keys = await redis.keys('*')
      redis.disconnect()
      return keys.filter((key) => !always.includes(key))
    },
  }
}
