import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import {
  memberOf,
  type RunningSlots,
  type RunningSlotsOptions,
  unlimitedSlots,
} from '../../../dispatch/limits/running-slots.ts'
import type { Job } from '../../../dispatch/schedule/queue.ts'
import type { AccountId, ChannelId } from '../../../kernel/ids.ts'
import { defineScript, rethrowRedis } from '../connection.ts'
import { linesKey, runningKeys } from '../keys.ts'

/** Those that have been called and have not come yet are called again: a few are enough, `turns` sees to the rest. */
const mostCalled = { leave: 10, turns: 1000 }

/** By Redis's clock. An account's keys are in one slot, which is not that of its channels. */
export function createRedisRunningSlots(redis: Redis, { limit, leaseMs }: RunningSlotsOptions): RunningSlots {
  if (limit === 0) return unlimitedSlots
  const lua = readFileSync(new URL('./running-slots.lua', import.meta.url), 'utf8')
  const script = defineScript(redis, 'backchannel-running-slots', lua)
  const run = (command: 'take' | 'keep' | 'leave' | 'turns', account: AccountId, member: string) => {
    const { running, line } = runningKeys(account)
    const most = command === 'leave' || command === 'turns' ? mostCalled[command] : 0
    return script([running, line], [command, limit, leaseMs, member, most]).catch(rethrowRedis)
  }
  // The script answers with members of the line.
  const jobs = async (command: 'leave' | 'turns', account: AccountId, member: string) =>
    ((await run(command, account, member)) as string[]).map((each) => jobOf(account, each))
  const announce = (account: AccountId) => redis.sadd(linesKey, account).catch(rethrowRedis)

  return {
    async take(job) {
      if ((await run('take', job.key.account, memberOf(job))) === 1) return true
      await announce(job.key.account)
      return false
    },
    async keep(job) {
      await run('keep', job.key.account, memberOf(job))
    },
    leave: (job) => jobs('leave', job.key.account, memberOf(job)),
    async turns() {
      // Only `announce` adds them.
      const accounts = (await redis.smembers(linesKey).catch(rethrowRedis)) as AccountId[]
      const turns = await Promise.all(
        accounts.map(async (account) => {
          // In this order: one that joins the line meanwhile is seen by the look, or announces the account afterwards.
          await redis.srem(linesKey, account).catch(rethrowRedis)
          if ((await redis.zcard(runningKeys(account).line).catch(rethrowRedis)) === 0) return []
          await announce(account)
          return jobs('turns', account, '')
        }),
      )
      return turns.flat()
    },
    async stands(job) {
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
