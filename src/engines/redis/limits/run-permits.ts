import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import { memberOf, type RunPermits, type RunPermitsOptions } from '../../../dispatch/limits/run-permits.ts'
import type { Job } from '../../../dispatch/schedule/queue.ts'
import type { AccountId, ChannelId } from '../../../kernel/ids.ts'
import { defineScript, rethrowRedis } from '../connection.ts'
import { linesKey, runningKeys } from '../keys.ts'

/**
 * How many jobs a command calls at most. A called job that has not come yet is called again, so `release` calls only a few;
 * `grantable` calls the rest.
 */
const mostCalled = { release: 10, grantable: 1000 }

/** Uses the clock of Redis. An account's keys are in one cluster slot, which is not that of its channels. */
export function createRedisRunPermits(redis: Redis, { limit, leaseMs }: RunPermitsOptions): RunPermits {
  const lua = readFileSync(new URL('./run-permits.lua', import.meta.url), 'utf8')
  const script = defineScript(redis, 'backchannel-run-permits', lua)
  const run = async (command: 'acquire' | 'renew' | 'release' | 'grantable', account: AccountId, member: string) => {
    const { running, line } = runningKeys(account)
    const most = command === 'release' || command === 'grantable' ? mostCalled[command] : 0
    return script([running, line], [command, await limit(), leaseMs, member, most]).catch(rethrowRedis)
  }
  // The script returns members of the line.
  const jobs = async (command: 'release' | 'grantable', account: AccountId, member: string) =>
    ((await run(command, account, member)) as string[]).map((each) => jobOf(account, each))
  const announce = (account: AccountId) => redis.sadd(linesKey, account).catch(rethrowRedis)

  return {
    async acquire(job) {
      if ((await run('acquire', job.key.account, memberOf(job))) === 1) return true
      await announce(job.key.account)
      return false
    },
    async renew(job) {
      await run('renew', job.key.account, memberOf(job))
    },
    release: (job) => jobs('release', job.key.account, memberOf(job)),
    async grantable() {
      // Only `announce` adds members, so all are accounts.
      const accounts = (await redis.smembers(linesKey).catch(rethrowRedis)) as AccountId[]
      const turns = await Promise.all(
        accounts.map(async (account) => {
          // The order matters: a job that joins the line meanwhile either is counted here or announces the account afterwards.
          await redis.srem(linesKey, account).catch(rethrowRedis)
          if ((await redis.zcard(runningKeys(account).line).catch(rethrowRedis)) === 0) return []
          await announce(account)
          return jobs('grantable', account, '')
        }),
      )
      return turns.flat()
    },
    async isInLine(job) {
      const { account } = job.key
      if ((await redis.zscore(runningKeys(account).line, memberOf(job)).catch(rethrowRedis)) === null) return false
      await announce(account)
      return true
    },
  }
}

function jobOf(account: AccountId, member: string): Job {
  const colon = member.lastIndexOf(':')
  // Written by memberOf.
  return { key: { account, channel: member.slice(0, colon) as ChannelId }, wake: Number(member.slice(colon + 1)) }
}
