import { inflateRawSync } from 'node:zlib'
import type { Redis } from 'ioredis'
import { type Entry, isDelta, type JudgedEvent, type JudgedMessage } from './judge-log.ts'

/** A run as it is stored, decoded here and not by the service's code. */
export interface StoredRun {
  readonly log: readonly Entry[]
  readonly epoch: string
  /** The places of the facts. */
  readonly facts: readonly string[]
  /** What the head says is the last entry. */
  readonly last: number
}

export async function readLog(redis: Redis, channelId: string): Promise<StoredRun> {
  const base = `bc:{a/local/${channelId}}`
  // In one transaction: the log may be packed in between.
  const replies = await redis
    .multi()
    .xrange(`${base}:log`, '-', '+')
    .xrange(`${base}:facts`, '-', '+')
    .hgetall(`${base}:head`)
    .getBuffer(`${base}:packed`)
    .exec()
  const [stream, facts, head, packed] = (replies ?? []).map(([, reply]) => reply) as [
    Stream,
    Stream,
    Record<string, string>,
    Buffer | null,
  ]
  const log =
    packed === null
      ? stream.map(([id, fields]): Entry => {
          const of = (name: string) => fields[fields.indexOf(name) + 1] ?? ''
          const [kind, tag, at, payload] = [of('k'), of('t'), Number(of('a')), of('p')]
          return { offset: Number(id.split('-')[0]), kind, tag, at, event: decode(kind, payload) }
        })
      : unpack(packed)
  return {
    log: await withTranscripts(log, segmentsInRedis(redis)),
    epoch: head['epoch'] ?? '',
    facts: packed === null ? facts.map(([id]) => id) : log.filter(({ kind }) => !isDelta(kind)).map(idOf),
    last: Number(head['last'] ?? 0),
  }
}

type Stream = readonly (readonly [id: string, fields: readonly string[]])[]

const idOf = ({ offset }: Entry) => `${offset}-0`

/**
 * A log that has ended, as one value: JSON, deflated, of its epoch, kinds, payloads, tags, and times as differences. Where a kind
 * is 0, the entry is a delta that goes on with the one before, and its payload the text alone.
 */
function unpack(packed: Buffer): readonly Entry[] {
  const columns = JSON.parse(inflateRawSync(packed).toString())
  const [, kinds, payloads, tags, times] = columns as [string, (string | 0)[], string[], string[], number[]]
  const log: Entry[] = []
  for (const [index, payload] of payloads.entries()) {
    const { kind: before = '', at = 0, event: told } = log.at(-1) ?? {}
    const kind = kinds[index] || before
    const goesOn = kinds[index] === 0 && told !== undefined
    const { messageId = '', position = 0, text = '' } = told ?? {}
    const event = goesOn
      ? { messageId, position: position + text.length, text: JSON.parse(payload) as string }
      : decode(kind, payload)
    log.push({ offset: index + 1, kind, tag: tags[index] ?? '', at: at + (times[index] ?? 0), event })
  }
  return log
}

export function segmentsInRedis(redis: Redis): SegmentsOf {
  return async ({ root, length }) => {
    const names = Array.from({ length }, (_, n) => `s${n}`)
    const texts = await redis.hmget(`bc:{t/local/${root}}:segments`, ...names)
    return texts.flatMap((text) => text ?? [])
  }
}

/** An entry's payload, as engines keep it. */
export function decode(kind: string, payload: string): JudgedEvent {
  if (!isDelta(kind)) return JSON.parse(payload) as JudgedEvent
  const [, messageId = '', position = '', json = '""'] = /^(\S+) (\d+) (".*")$/s.exec(payload) ?? []
  return { messageId, position: Number(position), text: JSON.parse(json) }
}

export interface Reference {
  readonly root: string
  readonly length: number
}

/** The texts of the first segments of a list, those that are there. */
type SegmentsOf = (reference: Reference) => Promise<readonly string[]>

/** What a conversation has said before is kept once for all that refer to it: here it stands in the log again. */
export async function withTranscripts(log: readonly Entry[], segmentsOf: SegmentsOf): Promise<readonly Entry[]> {
  return Promise.all(
    log.map(async (entry) => {
      const { messages = [], transcript, ...event } = entry.event as JudgedEvent & { readonly transcript?: Reference }
      if (transcript === undefined) return entry
      const earlier = messagesOf(await segmentsOf(transcript))
      return { ...entry, event: { ...event, messages: [...earlier, ...messages] } }
    }),
  )
}

export function messagesOf(segments: readonly string[]): readonly JudgedMessage[] {
  return segments.flatMap((text) => (JSON.parse(text) as Pick<JudgedEvent, 'messages'>).messages ?? [])
}
