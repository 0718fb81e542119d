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
  return { log, epoch: head['epoch'] ?? '', facts: facts.map(([id]) => id), last: Number(head['last'] ?? 0) }
}

/** An entry's payload, as engines keep it. */
export function decode(kind: string, payload: string): JudgedEvent {
  if (!isDelta(kind)) return JSON.parse(payload) as JudgedEvent
  const [, messageId = '', position = '', json = '""'] = /^(\S+) (\d+) (".*")$/s.exec(payload) ?? []
  return { messageId, position: Number(position), text: JSON.parse(json) }
}
