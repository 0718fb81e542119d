import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import type { TranscriptPlace, Transcripts } from '../../../dispatch/line/transcripts.ts'
import type { Retention } from '../../../dispatch/run-store.ts'
import type { AccountId, ConversationKey } from '../../../kernel/ids.ts'
import {
  holderOf,
  type NewSegment,
  rootsOf,
  segmentBehind,
  segmentsAlone,
  segmentsKept,
  transcriptOf,
} from '../../transcript.ts'
import { defineScript, rethrowRedis } from '../connection.ts'
import { ledgerKeys, lineKeys, transcriptKeys } from '../keys.ts'
import { ledgerLua } from '../limits/ledger-script.ts'
import { createRedisTranscripts, readSegments, transcriptLua } from '../run/transcripts.ts'

/** Each step is one script on one list's keys; those that let go of it ask its line or its run, too. */
export function createRedisTranscriptStore(redis: Redis, { logSeconds, recordSeconds }: Retention): Transcripts {
  const script = (name: string) => {
    const body = readFileSync(new URL(`./${name}.lua`, import.meta.url), 'utf8')
    const run = defineScript(redis, `backchannel-transcript-${name}`, `${ledgerLua}\n${transcriptLua}\n${body}`)
    return (account: AccountId, root: string, args: readonly (string | number)[], others: readonly string[] = []) => {
      const { segments, holders } = transcriptKeys(account, root)
      const { held, ends } = ledgerKeys(account)
      return run([segments, holders, held, ends, ...others], args).catch(rethrowRedis)
    }
  }
  const [extend, hold, forgetOne] = [script('extend'), script('hold'), script('forget')]
  const { letGoOf } = createRedisTranscripts(redis)
  /** False: the conversation did not hold it. */
  const forget = async (key: ConversationKey, root: string) =>
    (await forgetOne(key.account, root, [holderOf(key), root], [lineKeys(key).line])) === 1
  const extendAt = async (
    key: ConversationKey,
    { origin, text, place }: NewSegment,
  ): Promise<TranscriptPlace | null> => {
    const keepMs = recordSeconds * 1000 + graceMs
    const reply = await extend(key.account, place.root, [place.length - 1, origin, text, holderOf(key), keepMs])
    return reply === 1 ? place : null
  }
  const extendFirst = async (key: ConversationKey, segments: readonly NewSegment[]): Promise<TranscriptPlace> => {
    for (const segment of segments) {
      const place = await extendAt(key, segment)
      if (place !== null) return place
    }
    throw new Error("A list of the conversation's own always has room.")
  }
  const read: Transcripts['read'] = async (account, { root, length }) => {
    const segments = await readSegments(redis, transcriptKeys(account, root).segments, length)
    return segments === null ? null : transcriptOf(segments)
  }

  return {
    read,

    async extend(key, before, said) {
      const behind = before === null ? null : await extendAt(key, segmentBehind(before, said))
      if (behind !== null) return behind
      const earlier = before === null ? null : await read(key.account, before)
      return extendFirst(key, segmentsAlone(key, earlier ?? { messages: [], turns: [] }, said))
    },

    branch: (key, kept) => extendFirst(key, segmentsKept(key, kept)),

    async abandon(key, origin, but) {
      for (const roots of rootsOf(key, origin)) {
        // Where it holds neither of two, there are hardly others; what is left of them expires.
        for (let [n, misses] = [0, 0]; n < roots.length && misses < 2; n++) {
          const root = roots[n] ?? ''
          const isHeld = root === but?.root || (await forget(key, root))
          misses = isHeld ? 0 : misses + 1
        }
      }
    },

    async forget(key, { root }) {
      await forget(key, root)
    },

    async hold(key, { root, length }) {
      const bytes = (await hold(key.account, root, [length, key.channel])) as number
      return bytes === -1 ? null : bytes
    },

    release: (key, { root }) => letGoOf(key, root, logSeconds),
  }
}

/** The list and the line expire by two clocks' worth of rounding; the list goes last. */
const graceMs = 4000
