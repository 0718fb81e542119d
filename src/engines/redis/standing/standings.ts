import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import { roundedCost } from '../../../conversation/price.ts'
import { lastHourOf, mostCounted, type RecentMinute, type Standings } from '../../../dispatch/standing.ts'
import type { AccountId } from '../../../kernel/ids.ts'
import { parseJson } from '../../../kernel/json.ts'
import type { Parked } from '../../../kernel/news.ts'
import { defineScript, rethrowRedis } from '../connection.ts'
import { standingKeys } from '../keys.ts'
import { ledgerLua } from '../limits/ledger-script.ts'

const textOf = (name: string) => readFileSync(new URL(`./${name}.lua`, import.meta.url), 'utf8')

/** Goes after ledger.lua. */
export const standingLua = textOf('standing')

/** As standing.lua has them. */
const stateMs = 4_398_046_511_104
const states = { waiting: 3, paused: 4 }
/** So many accounts are asked about at once. */
const accountsAtOnce = 100

/** The parked runs of these accounts: two look-ups for each account, however many runs it has. */
export async function countParked(redis: Redis, accounts: readonly AccountId[]): Promise<Parked> {
  const count = (account: AccountId, state: number) =>
    redis.zcount(standingKeys(account).standing, state * stateMs, `(${(state + 1) * stateMs}`)
  const sum = { waiting: 0, paused: 0 }
  for (let at = 0; at < accounts.length; at += accountsAtOnce) {
    const counts = accounts.slice(at, at + accountsAtOnce).map(async (account) => {
      const [waiting, paused] = await Promise.all([count(account, states.waiting), count(account, states.paused)])
      sum.waiting += waiting
      sum.paused += paused
    })
    await Promise.all(counts).catch(rethrowRedis)
  }
  return sum
}

/** By the clock of Redis. */
export function createRedisStandings(redis: Redis): Standings {
  const read = defineScript(redis, 'backchannel-standing', [ledgerLua, standingLua, textOf('read-standing')].join('\n'))
  return {
    async of(account) {
      const { standing, recent } = standingKeys(account)
      const reply = await read([standing, recent], []).catch(rethrowRedis)
      const [now, held, queued, running, waiting, paused, oldest, minutes] = reply as Reply
      const lastHour = lastHourOf(minutes.map(decodeMinute), Number(now))
      const counted = (count: number) => Math.min(count, mostCounted)
      return {
        queued: counted(held + queued),
        running: counted(running),
        waiting: counted(waiting),
        paused: counted(paused),
        oldestQueuedAt: oldest === '' ? null : Number(oldest),
        lastHour: { ...lastHour, cost: roundedCost(lastHour.cost) },
      }
    },
  }
}

type Reply = [
  now: string,
  held: number,
  queued: number,
  running: number,
  waiting: number,
  paused: number,
  oldest: string,
  minutes: readonly string[],
]

/** As standing.lua writes it; the cost is text there. */
function decodeMinute(json: string): RecentMinute {
  const minute = parseJson(json) as Omit<RecentMinute, 'cost'> & { readonly cost: string }
  return { ...minute, cost: Number(minute.cost) }
}
