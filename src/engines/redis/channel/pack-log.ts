import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import type { EventType } from '../../../conversation/event.ts'
import type { ChannelKey } from '../../../kernel/ids.ts'
import { defineScript, rethrowRedis } from '../connection.ts'
import { channelKeys, ledgerKeys } from '../keys.ts'
import { ledgerLua } from '../limits/ledger-script.ts'
import { packLog } from './packed-log.ts'

const packLua = readFileSync(new URL('./pack.lua', import.meta.url), 'utf8')

/** Larger logs stay as they are: a page of one is read without reading all of it. Bytes of payloads. */
const mostPackedBytes = 131_072
const mostPackedEntries = 4000

/** What `append.lua` counts an entry and a log with, beside their payloads. Bytes. */
const entryBytes = 64
const logBytes = 6000

/** Packs the log of a run that has ended, if it is small enough. Repeating it changes nothing. */
export type PackLog = (key: ChannelKey) => Promise<void>

export function createPackLog(redis: Redis): PackLog {
  const pack = defineScript(redis, 'backchannel-pack', `${ledgerLua}\n${packLua}`)
  return async (key) => {
    const { log, head, facts, packed } = channelKeys(key)
    const { held, ends } = ledgerKeys(key.account)
    const [epoch, last, bytes, closed] = await redis.hmget(head, 'epoch', 'last', 'bytes', 'closed').catch(rethrowRedis)
    if (epoch == null || closed !== '1') return
    if (Number(bytes) > mostPackedBytes || Number(last) > mostPackedEntries) return
    const entries = await redis.xrange(log, '-', '+').catch(rethrowRedis)
    const rows = entries.map(([id, [, kind = '', , payload = '', , tag = '', , at]]) => {
      return { offset: Number.parseInt(id, 10), kind: kind as EventType, payload, tag, at: Number(at) }
    })
    if (rows.length === 0 || rows.some(({ offset }, index) => offset !== index + 1)) return
    const read = entries.map(([id, [, kind, , payload, , tag, , at]]) => [id, kind, payload, tag, at].join('\u001f'))
    const digest = createHash('sha1').update(read.join('\u001e')).digest('hex')
    const keys = [log, head, facts, packed, held, ends]
    await pack(keys, [digest, packLog({ epoch, rows }), entryBytes, logBytes]).catch(rethrowRedis)
  }
}
