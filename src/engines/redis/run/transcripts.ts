import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import type { LogEntry } from '../../../channel/channel.ts'
import type { ChannelKey } from '../../../kernel/ids.ts'
import { decodePlace, parseSegment, refersTo, type Segment, withTranscript } from '../../transcript.ts'
import { defineScript, rethrowRedis } from '../connection.ts'
import { channelKeys, ledgerKeys, transcriptKeys } from '../keys.ts'
import { ledgerLua } from '../limits/ledger-script.ts'
import { factsPageBytes } from './facts.ts'

export const transcriptLua = readFileSync(new URL('./transcript.lua', import.meta.url), 'utf8')
const letGoLua = readFileSync(new URL('./let-go.lua', import.meta.url), 'utf8')

/** The log and the transcript expire by two clocks' worth of rounding; the transcript goes last. */
const graceMs = 2000

export interface RedisTranscripts {
  /** The entries as their readers know them. Null: the transcript has expired, and so has the log. */
  expand(key: ChannelKey, entries: readonly LogEntry[]): Promise<LogEntry[] | null>
  letGo(key: ChannelKey, logSeconds: number): Promise<void>
  /** The same for a list that is not the run's for sure, or of a run that has been removed. */
  letGoOf(key: ChannelKey, root: string, logSeconds: number): Promise<void>
}

export function createRedisTranscripts(redis: Redis): RedisTranscripts {
  const letGo = defineScript(redis, 'backchannel-let-go', `${ledgerLua}\n${transcriptLua}\n${letGoLua}`)
  const letGoOf = async (key: ChannelKey, root: string, logSeconds: number) => {
    const { segments, holders } = transcriptKeys(key.account, root)
    const { held, ends } = ledgerKeys(key.account)
    const { run, head } = channelKeys(key)
    const keys = [segments, holders, held, ends, run, head]
    await letGo(keys, [key.channel, logSeconds * 1000 + graceMs, root]).catch(rethrowRedis)
  }
  return {
    async expand({ account }, entries) {
      const told = [...entries]
      for (const [index, entry] of entries.entries()) {
        const transcript = refersTo(entry.event)
        if (transcript === null) continue
        const { segments } = transcriptKeys(account, transcript.root)
        const read = await readSegments(redis, segments, transcript.length)
        if (read === null) return null
        told[index] = { ...entry, event: withTranscript(entry.event, read) }
      }
      return told
    },

    async letGo(key, logSeconds) {
      const place = await redis.hget(channelKeys(key).head, 'transcript').catch(rethrowRedis)
      if (place !== null) await letGoOf(key, decodePlace(place).root, logSeconds)
    },

    letGoOf,
  }
}

/** In pages, as facts are read: all of them in one reply, or parsed in one go, would hold up Redis and this process. Null: some are not there. */
export async function readSegments(redis: Redis, segments: string, length: number): Promise<readonly Segment[] | null> {
  const numbers = Array.from({ length }, (_, n) => n)
  const ends = (await redis.hmget(segments, ...numbers.map((n) => `b${n}`)).catch(rethrowRedis)).map(Number)
  const read: Segment[] = []
  while (read.length < length) {
    const before = read.length === 0 ? 0 : (ends[read.length - 1] ?? 0)
    const rest = numbers.slice(read.length)
    // At least one, however large it is.
    const page = rest.filter((n, index) => index === 0 || (ends[n] ?? 0) - before <= factsPageBytes)
    const found = await redis.hmget(segments, ...page.map((n) => `s${n}`)).catch(rethrowRedis)
    for (const text of found) {
      if (text === null) return null
      read.push(parseSegment(text))
    }
  }
  return read
}
