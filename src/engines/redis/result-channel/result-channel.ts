import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import { accountIsFull } from '../../../dispatch/limits/stored-bytes.ts'
import {
  keptMessages,
  parsePublished,
  parseWaiter,
  type ResultChannelLimits,
  type ResultChannels,
  waiterName,
} from '../../../dispatch/result-channel.ts'
import { stringifyJson } from '../../../kernel/json.ts'
import { rethrowRedis } from '../connection.ts'
import { channelKeys, runKeys } from '../keys.ts'
import { ledgerLua } from '../limits/ledger-script.ts'
import { defineKeyedScript } from '../script-keys.ts'

const appendLua = readFileSync(new URL('../channel/append.lua', import.meta.url), 'utf8')
const fieldsLua = readFileSync(new URL('./result-fields.lua', import.meta.url), 'utf8')

/**
 * Each method is one command or script, on the channel's keys and the account's ledger.
 * @param accountBytes of all that an account has stored; 0: no limit
 */
export function createRedisResultChannels(
  redis: Redis,
  limits: ResultChannelLimits,
  accountBytes: number,
): ResultChannels {
  const script = (name: string) => {
    const body = readFileSync(new URL(`./${name}.lua`, import.meta.url), 'utf8')
    const lua = [ledgerLua, appendLua, fieldsLua, body].join('\n')
    return defineKeyedScript(redis, { name: `backchannel-${name}`, lua, keys: runKeys })
  }
  const publish = script('publish')
  const wait = script('wait')
  const reassign = script('reassign')
  const delivered = script('delivered')
  const earlySeconds = Math.ceil(limits.earlyMs / 1000)

  return {
    async publish(key, { message, tag, epoch }) {
      const json = stringifyJson(message)
      const { logSeconds, waitSeconds, maxEntries, maxBytes } = limits
      const expiries = [earlySeconds, logSeconds, waitSeconds]
      const args = [json, tag, epoch, ...expiries, maxEntries, maxBytes, keptMessages, accountBytes]
      const [outcome, waiter = ''] = (await publish(key, args)) as string[]
      if (outcome === 'account-full') throw accountIsFull()
      if (outcome === 'ended' || outcome === 'full') return { outcome }
      const assignment = waiter === '' ? null : { waiter: parseWaiter(waiter), message, tag }
      return { outcome: 'published', assignment }
    },

    async wait(key, waiter) {
      const kept = (await wait(key, [waiterName(waiter), limits.earlyMs, limits.waitSeconds])) as string | null
      return kept === null ? null : parsePublished(kept)
    },

    async undelivered(key) {
      const assigned = await redis.hgetall(channelKeys(key).assigned).catch(rethrowRedis)
      return Object.entries(assigned).map(([name, kept]) => ({ waiter: parseWaiter(name), ...parsePublished(kept) }))
    },

    async delivered(key, { waiter, tag }) {
      await delivered(key, [waiterName(waiter), tag])
    },

    async reassign(key, { waiter, tag }) {
      const reply = (await reassign(key, [waiterName(waiter), tag, earlySeconds, limits.waitSeconds])) as string[]
      const [next, kept] = reply
      return next === undefined || kept === undefined ? null : { waiter: parseWaiter(next), ...parsePublished(kept) }
    },
  }
}
