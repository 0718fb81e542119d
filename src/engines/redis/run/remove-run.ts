import type { Redis } from 'ioredis'
import type { Removal, RunStore } from '../../../dispatch/run-store.ts'
import { type ChannelKey, nameOf } from '../../../kernel/ids.ts'
import { decodePlace } from '../../transcript.ts'
import { rethrowRedis, type ScriptArgument } from '../connection.ts'
import { channelKeys, indexKey } from '../keys.ts'
import type { RedisTranscripts } from './transcripts.ts'

export interface RemoveRunDeps {
  /** `remove.lua`, on the keys of a run. */
  readonly remove: (key: ChannelKey, args: readonly ScriptArgument[]) => Promise<unknown>
  readonly transcripts: Pick<RedisTranscripts, 'letGo' | 'letGoOf'>
  readonly logSeconds: number
}

export function createRemoveRun(redis: Redis, { remove, transcripts, logSeconds }: RemoveRunDeps): RunStore['remove'] {
  return async (key, createdAt) => {
    const place = await redis.hget(channelKeys(key).head, 'transcript').catch(rethrowRedis)
    // Before the record goes, which says that the run has ended.
    await transcripts.letGo(key, logSeconds)
    // The script returns one of these.
    const removal = (await remove(key, [nameOf(key), createdAt ?? ''])) as Removal
    if (removal !== 'removed') return removal
    if (place !== null) await transcripts.letGoOf(key, decodePlace(place).root, logSeconds)
    await redis.zrem(indexKey(key.account), key.channel).catch(rethrowRedis)
    return removal
  }
}
