import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import type { TranscriptPlace, Transcripts } from '../../../dispatch/line/transcripts.ts'
import type { Retention } from '../../../dispatch/run-store.ts'
import type { AccountId, ConversationKey } from '../../../kernel/ids.ts'
import {
  abandonedRoots,
  holderOf,
  type NewSegment,
  segmentAlone,
  segmentBehind,
  segmentKept,
  transcriptOf,
} from '../../transcript.ts'
import { defineScript, rethrowRedis } from '../connection.ts'
import { ledgerKeys, transcriptKeys } from '../keys.ts'
import { ledgerLua } from '../limits/ledger-script.ts'
import { createRedisTranscripts, readSegments, transcriptLua } from '../run/transcripts.ts'

/** Each step is one script on one list's keys. */
export function createRedisTranscriptStore(redis: Redis, { logSeconds, recordSeconds }: Retention): Transcripts {
  const script = (name: string) => {
    const body = readFileSync(new URL(`./${name}.lua`, import.meta.url), 'utf8')
    const run = defineScript(redis, `backchannel-transcript-${name}`, `${ledgerLua}\n${transcriptLua}\n${body}`)
    return (account: AccountId, root: string, args: readonly (string | number)[]) => {
      const { segments, holders } = transcriptKeys(account, root)
      const { held, ends } = ledgerKeys(account)
      return run([segments, holders, held, ends], args).catch(rethrowRedis)
    }
  }
  const [extend, hold] = [script('extend'), script('hold')]
  const { letGoOf, forget } = createRedisTranscripts(redis)
  const extendAt = async (
    key: ConversationKey,
    { origin, text, place }: NewSegment,
  ): Promise<TranscriptPlace | null> => {
    const keepMs = recordSeconds * 1000 + graceMs
    const reply = await extend(key.account, place.root, [place.length - 1, origin, text, holderOf(key), keepMs])
    return reply === 1 ? place : null
  }
  const read: Transcripts['read'] = async (account, { root, length }) => {
    const texts = await readSegments(redis, transcriptKeys(account, root).segments, length)
    return texts === null ? null : transcriptOf(texts)
  }

  return {
    read,

    async extend(key, before, said) {
      const behind = before === null ? null : await extendAt(key, segmentBehind(before, said))
      if (behind !== null) return behind
      const earlier = before === null ? null : await read(key.account, before)
      const alone = await extendAt(key, segmentAlone(key, earlier ?? { messages: [], turns: [] }, said))
      if (alone === null) throw new Error("A list of the conversation's own always has room.")
      return alone
    },

    async branch(key, kept) {
      const place = await extendAt(key, segmentKept(key, kept))
      if (place === null) throw new Error("A list of the conversation's own always has room.")
      return place
    },

    async abandon(key, origin, but) {
      for (const root of abandonedRoots(key, origin, but)) await forget(key.account, root, holderOf(key))
    },

    forget: (key, { root }) => forget(key.account, root, holderOf(key)),

    async hold(key, { root, length }) {
      const bytes = (await hold(key.account, root, [length, key.channel])) as number
      return bytes === -1 ? null : bytes
    },

    release: (key, { root }) => letGoOf(key, root, logSeconds),
  }
}

/** The list and the line expire by two clocks' worth of rounding; the list goes last. */
const graceMs = 4000
