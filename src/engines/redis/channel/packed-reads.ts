import type { Redis } from 'ioredis'
import type { LogPage, PageLimits } from '../../../channel/channel.ts'
import { createStoredJoiner } from '../../../channel/join-stored.ts'
import { cursorExpired, type Position } from '../../../channel/position.ts'
import type { ChannelKey } from '../../../kernel/ids.ts'
import { rethrowRedis } from '../connection.ts'
import { channelKeys } from '../keys.ts'
import { entryOf, type LogRow, type PackedLog, unpackLog } from './packed-log.ts'

/** Null: the log is not packed, or not there any more. */
export type ReadPacked = (key: ChannelKey) => Promise<PackedLog | null>

export function createReadPacked(redis: Redis): ReadPacked {
  return async (key) => {
    const packed = await redis.getBuffer(channelKeys(key).packed).catch(rethrowRedis)
    return packed === null ? null : unpackLog(packed)
  }
}

/** What `read.lua` makes of a log in streams. Throws CURSOR_EXPIRED. */
export function pageOfPacked({ epoch, rows }: PackedLog, from: Position | null, limits: PageLimits): LogPage {
  const after = from?.offset ?? 0
  if (from !== null && from.epoch !== epoch) throw cursorExpired('epoch')
  if (after > rows.length) throw cursorExpired('beyond')
  if (from !== null && after > 0 && from.tag !== '' && rows[after - 1]?.tag !== from.tag) throw cursorExpired('tag')
  const joined = createStoredJoiner<LogRow>()
  let bytes = 0
  for (const row of rows.slice(after, after + (limits.maxEntries ?? rows.length))) {
    bytes += joined.add(row)
    if (bytes >= limits.maxBytes) break
  }
  const entries = joined.rows().map(entryOf)
  return { epoch, last: rows.length, lastTag: rows.at(-1)?.tag ?? '', isClosed: true, entries }
}
