import { describe, expect, test } from 'vitest'
import { connectRedis } from '../../../../src/engines/redis/connection.ts'
import { findProblems } from '../../../../src/engines/redis/needs/check-needs.ts'
import { needs } from '../../../../src/engines/redis/needs/needs.ts'
import { opened } from '../../../support/lifetime/opened.ts'
import { startRedis } from '../../../support/redis/redis-server.ts'
import { allRules, createRedisUser, openAdmin } from '../../../support/redis/redis-users.ts'

async function problemsOf(url: string) {
  const redis = await connectRedis({ url, name: 'test', patience: 'impatient', onError: () => {} })
  return findProblems(opened(redis, (it) => it.disconnect()))
}

describe('what is said of a Redis user', () => {
  test('nothing to one with every permission of the list, and to one who may do everything', async () => {
    const redis = await startRedis()
    const admin = await openAdmin(redis.url)
    const user = await createRedisUser(admin)
    expect(await problemsOf(user.url)).toEqual([])
    expect(await problemsOf(redis.url)).toEqual([])
    expect(await admin.dbsize()).toBe(0)
  })

  test('who lacks one permission: its name and the ACL rule that grants it, for each of the list', async () => {
    const redis = await startRedis()
    const admin = await openAdmin(redis.url)
    expect(needs.length).toBeGreaterThan(60)
    for (const { kind, name, rule } of needs) {
      const user = await createRedisUser(
        admin,
        allRules.filter((each) => each !== rule),
      )
      expect(await problemsOf(user.url), name).toEqual([`the user lacks the ${kind} ${name}; ACL rule: ${rule}`])
    }
  })
})
