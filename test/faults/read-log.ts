import type { Redis } from 'ioredis'
import { type Entry, isDelta, type JudgedEvent } from './judge-log.ts'

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
  const [stream, facts, head] = await Promise.all([
    redis.xrange(`${base}:log`, '-', '+'),
    redis.xrange(`${base}:facts`, '-', '+'),
    redis.hgetall(`${base}:head`),
  ])
  const log = stream.map(([id, fields]): Entry => {
    const of = (name: string) => fields[fields.indexOf(name) + 1] ?? ''
    const kind = of('k')
    return { offset: Number(id.split('-')[0]), kind, tag: of('t'), at: Number(of('a')), event: decode(kind, of('p')) }
  })
  const segmentsOf: SegmentsOf = async ({ root, length }) => {
    const names = Array.from({ length }, (_, n) => `s${n}`)
    const texts = await redis.hmget(`bc:{t/local/${root}}:segments`, ...names)
    return texts.flatMap((text) => text ?? [])
  }
  return {
    log: await withTranscripts(log, segmentsOf),
    epoch: head['epoch'] ?? '',
    facts: facts.map(([id]) => id),
    last: Number(head['last'] ?? 0),
  }
}

/** An entry's payload, as engines keep it. */
export function decode(kind: string, payload: string): JudgedEvent {
  if (!isDelta(kind)) return JSON.parse(payload) as JudgedEvent
  const [, messageId = '', position = '', json = '""'] = /^(\S+) (\d+) (".*")$/s.exec(payload) ?? []
  return { messageId, position: Number(position), text: JSON.parse(json) }
}

interface Reference {
  readonly root: string
  readonly length: number
}

/** The texts of the first segments of a list, those that are there. */
type SegmentsOf = (reference: Reference) => Promise<readonly string[]>

/** What a conversation has said before is kept once for all that refer to it: here it stands in the log again. */
async function withTranscripts(log: readonly Entry[], segmentsOf: SegmentsOf): Promise<readonly Entry[]> {
  return Promise.all(
    log.map(async (entry) => {
      const { messages = [], transcript, ...event } = entry.event as JudgedEvent & { readonly transcript?: Reference }
      if (transcript === undefined) return entry
      const segments = (await segmentsOf(transcript)).map((text) => JSON.parse(text) as Pick<JudgedEvent, 'messages'>)
      const earlier = segments.flatMap((segment) => segment.messages ?? [])
      return { ...entry, event: { ...event, messages: [...earlier, ...messages] } }
    }),
  )
}
