import { Redis } from 'ioredis'
import { needs } from '../../../src/engines/redis/needs/needs.ts'
import { opened } from '../lifetime/opened.ts'

/** What docs/operations/redis.md tells an operator to grant. */
export const allRules: readonly string[] = needs.map(({ rule }) => rule)

export interface RedisUser {
  /** How the service connects as this user. */
  readonly url: string
  /** Rules of `ACL SETUSER`, while the user is connected too. */
  grant(...rules: readonly string[]): Promise<void>
  /** Makes them all anew. */
  grantOnly(rules: readonly string[]): Promise<void>
}

/** A connection of the default user, who may do everything. */
export async function openAdmin(url: string): Promise<Redis> {
  const admin = opened(new Redis(url, { lazyConnect: true }), (it) => it.disconnect())
  await admin.connect()
  return admin
}

let made = 0

/** A new user of a running Redis, with these rules and no others. */
export async function createRedisUser(admin: Redis, rules: readonly string[] = allRules): Promise<RedisUser> {
  made += 1
  const name = `user-${made}`
  const grant = async (...more: readonly string[]) => void (await admin.call('ACL', 'SETUSER', name, ...more))
  const { host, port } = admin.options
  await grant('reset', 'on', '>secret', ...rules)
  return {
    url: `redis://${name}:secret@${host}:${port}`,
    grant,
    grantOnly: (only) => grant('nocommands', 'resetkeys', 'resetchannels', ...only),
  }
}
