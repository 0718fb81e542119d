import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import { type DispatchRate, rateWindowMs, unlimitedRate } from '../../../dispatch/limits/dispatch-rate.ts'
import { defineScript, rethrowRedis } from '../connection.ts'
import { rateKey } from '../keys.ts'

/** Uses the clock of Redis. @param perMinute 0: no limit. */
export function createRedisDispatchRate(redis: Redis, perMinute: number): DispatchRate {
  if (perMinute === 0) return unlimitedRate
  const lua = readFileSync(new URL('./take-rate.lua', import.meta.url), 'utf8')
  const take = defineScript(redis, 'backchannel-take-rate', lua)
  return {
    async take(account) {
      const waitMs = await take([rateKey(account)], [rateWindowMs / perMinute, rateWindowMs]).catch(rethrowRedis)
      return waitMs === null ? null : Number(waitMs)
    },
  }
}
