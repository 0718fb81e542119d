import type { Redis } from 'ioredis'
import { encodeEvent } from '../../../channel/entry-codec.ts'
import { isEnding } from '../../../conversation/event-traits.ts'
import type { ConversationRequest } from '../../../conversation/request.ts'
import { noUsage } from '../../../conversation/usage.ts'
import {
  accountIsFull,
  createdTooLate,
  logIsTooSmall,
  type StoredLimits,
  transcriptIsTooLong,
} from '../../../dispatch/limits/stored-bytes.ts'
import type { SettleOutcome } from '../../../dispatch/pending-call.ts'
import type { Creation, NewRun, Retention, RunStore } from '../../../dispatch/run-store.ts'
import { workerLost } from '../../../dispatch/schedule/worker-lost.ts'
import { type ChannelKey, nameOf } from '../../../kernel/ids.ts'
import { parseJson, stringifyJson } from '../../../kernel/json.ts'
import { decodePlace, encodePlace, type NewSegment, segmentsFor, storedQueued, storedTaken } from '../../transcript.ts'
import { createPackLog } from '../channel/pack-log.ts'
import { rethrowRedis } from '../connection.ts'
import { channelKeys } from '../keys.ts'
import { createParking } from '../raise/parking.ts'
import { createRunScript } from '../run-scripts.ts'
import { createAddMessages } from './add-messages.ts'
import { createFactsReader, type FactsPage, factsPageBytes } from './facts.ts'
import { createRemoveRun } from './remove-run.ts'
import { decodeRun, fieldsOfHash, moreFields, queuedRun } from './run-fields.ts'
import { appendArguments, decodePending, parseCancellation, toAppendReply } from './run-replies.ts'
import { createRedisTranscripts } from './transcripts.ts'

/** Most dispatches that continue the same one find a segment there. Beyond this, asking costs less than the text. UTF-16 code units. */
const largeSegment = 65_536

/** Each method is one script and one round trip, but for facts of more than a page. README.md beside this folder says on which keys. */
export function createRedisRunStore(redis: Redis, retention: Retention, limits: StoredLimits): RunStore {
  const script = (name: string) => createRunScript(redis, name)
  const transcripts = createRedisTranscripts(redis)
  const create = script('create')
  const begin = script('begin')
  const find = script('find')
  const claim = script('claim')
  const append = script('append-run')
  const appendEnding = script('append-ending')
  const release = script('release')
  const cancel = script('cancel')
  const settle = script('settle')
  const keepFile = script('keep-file')
  const readFacts = createFactsReader(redis)
  const accepted = (reply: CreationReply): Created => {
    if (reply[0] === 'log-full') throw logIsTooSmall(limits.log)
    if (reply[0] === 'account-full') throw accountIsFull()
    if (reply[0] === 'late') throw createdTooLate()
    return reply
  }
  /** At once where a run ends, so that nothing shared stays after a short retention. If it fails, the sweep does it. */
  const letGo = (key: ChannelKey) => transcripts.letGo(key, retention.logSeconds).catch(() => {})
  /** Where the run's transcript may stand, in order of preference; null: it continues nothing. */
  const places = async (key: ChannelKey, input: NewRun): Promise<Iterable<NewSegment | null>> => {
    if (input.continues === undefined) return [null]
    const { head } = channelKeys({ account: key.account, channel: input.continues.channel })
    const before = await redis.hget(head, 'transcript').catch(rethrowRedis)
    return segmentsFor(input, before === null ? null : decodePlace(before))
  }
  /** Null: another dispatch's segment has that place. */
  const createAt = async (key: ChannelKey, input: NewRun, segment: NewSegment | null): Promise<Creation | null> => {
    const isLarge = segment !== null && segment.text.length > largeSegment
    const creation = isLarge ? await tryAt(key, input, segment, 'without its text') : 'text'
    return creation === 'text' ? ((await tryAt(key, input, segment)) as Creation | null) : creation
  }
  const tryAt = async (
    key: ChannelKey,
    input: NewRun,
    segment: NewSegment | null,
    how?: 'without its text',
  ): Promise<Creation | 'text' | null> => {
    const args = [
      input.digest,
      input.request.model,
      input.notBefore ?? '',
      input.createdAt,
      stringifyJson(input.request),
      input.epoch,
      input.tag,
      encodeEvent(storedQueued(input, segment?.place ?? null)).payload,
      input.botId ?? '',
      input.contactId ?? '',
      nameOf(key),
      input.lookAt,
      key.channel,
      limits.log.maxBytes,
      limits.accountBytes,
      ...(input.turn === undefined ? ['', '', ''] : [input.turn.conversation, input.turn.ticket, input.turn.createBy]),
      ...(segment === null
        ? ['', '', '', '', '']
        : [
            ...[encodePlace(segment.place), segment.place.length - 1, segment.origin],
            ...(how === undefined ? [segment.text, ''] : ['', '1']),
          ]),
      input.webhookId ?? '',
      input.meta == null ? '' : stringifyJson(input.meta),
      input.priority ?? '',
      ...moreFields(input),
    ]
    const { conversation } = input.turn ?? {}
    const root = segment?.place.root ?? key.channel
    const reply = await create({ ...key, root, ...(conversation !== undefined && { conversation }) }, args)
    const [refusal] = reply as [string]
    if (refusal === 'elsewhere') return null
    if (refusal === 'text') return refusal
    const answer = accepted(reply as CreationReply)
    if (answer[0] === 'created') return { outcome: 'created', run: queuedRun(key, input, [answer[1], answer[2]]) }
    const [outcome, [fields, ...end]] = answer
    const run = decodeRun(key, fieldsOfHash(fields), end)
    if (run === null) throw new Error('The create script answered without a run.')
    return { outcome, run }
  }
  const expiries = [retention.logSeconds, retention.recordSeconds]

  return {
    async create(key, input) {
      for (const segment of await places(key, input)) {
        const reply = await createAt(key, input, segment)
        if (reply !== null) return reply
      }
      throw new Error('A transcript of its own always fits.')
    },

    async begin(key, { conversation, ticket, transcript, refusal, bytes, tag }) {
      const args = [
        ticket,
        transcript === null ? '' : encodePlace(transcript),
        transcript === null ? '' : encodeEvent(storedTaken(transcript)).payload,
        bytes,
        limits.log.maxBytes,
        tag,
        stringifyJson(transcriptIsTooLong(limits.log)),
        refusal === null ? '' : stringifyJson(refusal),
        stringifyJson(noUsage),
        ...expiries,
        key.channel,
        (transcript?.length ?? 0) - 1,
      ]
      const reply = await begin({ ...key, root: transcript?.root ?? key.channel, conversation }, args)
      const [fields, ...end] = reply as [string[], ...string[]]
      return decodeRun(key, fieldsOfHash(fields), end)
    },

    async find(keys) {
      const replies = await Promise.all(keys.map((key) => find(key, [])))
      return keys.map((key, index) => {
        const [fields, ...end] = replies[index] as [string[], ...(string | null)[]]
        return decodeRun(key, fieldsOfHash(fields), end)
      })
    },

    async facts(key) {
      return (await transcripts.expand(key, await readFacts(key))) ?? []
    },

    async claim(key, input) {
      const reply = await claim(key, [
        input.wake,
        input.claim,
        input.tag,
        input.lossLimit,
        stringifyJson(workerLost),
        stringifyJson(noUsage),
        ...expiries,
        factsPageBytes,
      ])
      const [outcome, attempt, open, request, cancelled, losses, entries, isLast] = reply as ClaimedReply
      if (outcome === 'lost') await letGo(key)
      if (outcome === 'stale' || outcome === 'lost') return { outcome: 'stale' }
      if (outcome === 'early') return { outcome }
      const facts = await transcripts.expand(key, await readFacts(key, { entries, isLast: isLast === 1 }))
      if (facts === null) throw new Error('The transcript of a run that has not ended is gone.')
      return {
        outcome: 'claimed',
        claimed: {
          attempt: Number(attempt),
          losses: Number(losses),
          open: open === '' ? [] : open.split(','),
          request: parseJson(request) as ConversationRequest,
          facts,
          cancelled: parseCancellation(cancelled),
        },
      }
    },

    async append(key, input) {
      const ends = input.events.some(isEnding)
      const args = appendArguments(input, retention, limits.accountBytes)
      const reply = await (ends ? appendEnding : append)(key, args)
      if (ends) await letGo(key)
      return toAppendReply(reply as string[])
    },

    ...createParking({ park: script('park'), raise: script('raise') }, limits),

    async pending(key) {
      const calls = await redis.hvals(channelKeys(key).pending).catch(rethrowRedis)
      return calls.map(decodePending)
    },

    async settle(key, { callId, by, digest, wakes, tag, facts }) {
      const entries = facts.map(encodeEvent).flatMap(({ kind, payload }) => [kind, payload])
      const reply = await settle(key, [
        callId,
        by,
        digest,
        wakes ? 1 : 0,
        tag,
        limits.log.maxEntries,
        limits.log.maxBytes,
        limits.accountBytes,
        ...entries,
      ])
      const [outcome, [fields, ...end]] = reply as [SettleOutcome, [string[], ...string[]]]
      return { outcome, run: decodeRun(key, fieldsOfHash(fields), end) }
    },

    add: createAddMessages(script('add'), limits),

    async keepFile(key, claim, { id, content }) {
      const { buffer, byteOffset, byteLength } = content
      await keepFile(key, [claim, id, Buffer.from(buffer, byteOffset, byteLength)])
    },

    async file(key, id) {
      return redis.hgetBuffer(channelKeys(key).files, id).catch(rethrowRedis)
    },

    async cancellation(key, claim) {
      const fields = await redis.hmget(channelKeys(key).run, 'claim', 'cancel').catch(rethrowRedis)
      return fields[0] === claim ? parseCancellation(fields[1] ?? '') : null
    },

    async cancel(key, { cancellation, isForced, tag }) {
      const forced = isForced ? 1 : 0
      const reply = await cancel(key, [stringifyJson(cancellation), forced, tag, stringifyJson(noUsage), ...expiries])
      const [run] = reply as [[string[], ...string[]]?]
      if (run === undefined) return null
      const [fields, ...end] = run
      await letGo(key)
      return decodeRun(key, fieldsOfHash(fields), end)
    },

    letGo: (key) => transcripts.letGo(key, retention.logSeconds),

    compact: createPackLog(redis),

    remove: createRemoveRun(redis, { remove: script('remove'), transcripts, logSeconds: retention.logSeconds }),

    async release(key, claim) {
      return (await release(key, [claim])) === 1
    },
  }
}

type Created =
  | [outcome: 'created', epoch: string, last: number]
  | [outcome: 'exists' | 'conflict', record: [string[], ...string[]]]
type CreationReply = Created | [refusal: 'log-full'] | [refusal: 'account-full'] | [refusal: 'late']

type ClaimedReply = [
  outcome: string,
  attempt: string,
  open: string,
  request: string,
  cancelled: string,
  losses: string,
  facts: FactsPage['entries'],
  isLast: number,
]
