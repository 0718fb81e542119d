import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import type { UsedToday } from '../../../dispatch/limits/used-today.ts'
import { defineScript, rethrowRedis } from '../connection.ts'
import { usedTodayKey } from '../keys.ts'

const textOf = (name: string) => readFileSync(new URL(`./${name}.lua`, import.meta.url), 'utf8')

/** Goes after ledger.lua. */
export const usedTodayLua = textOf('used-today')

/** By the clock of Redis. */
export function createRedisUsedToday(redis: Redis): UsedToday {
  const lua = [textOf('ledger'), usedTodayLua, textOf('read-used-today')].join('\n')
  const read = defineScript(redis, 'backchannel-used-today', lua)
  return {
    async of(account) {
      const reply = await read([usedTodayKey(account)], []).catch(rethrowRedis)
      const [tokens, cost, leftMs] = reply as [string, string, string]
      return { tokens: Number(tokens), cost: Number(cost), leftMs: Number(leftMs) }
    },
  }
}
