import { DatabaseSync } from 'node:sqlite'
import type { Redis } from 'ioredis'
import type { JudgedMessage } from './judge-log.ts'
import {
  decode,
  messagesOf,
  type Reference,
  readLog,
  type StoredRun,
  segmentsInRedis,
  withTranscripts,
} from './read-log.ts'

/** What the checker reads of an engine, behind the service's back and without its code. */
export interface StoredRuns {
  read(channelId: string): Promise<StoredRun>
  /** Calls of the run that can still be answered. */
  pending(channelId: string): Promise<number>
  /** Calls that wait on a channel, and messages that wait there. */
  waiters(topic: string): Promise<number>
  early(topic: string): Promise<number>
  conversation(conversationId: string): Promise<StoredConversation>
}

export interface StoredConversation {
  /** Its dispatches, by when they took their places. */
  readonly members: readonly { readonly channelId: string; readonly at: number }[]
  readonly kept: readonly JudgedMessage[]
  /** Those that are not settled. */
  readonly places: number
}

export function runsInRedis(redis: Redis): StoredRuns {
  const base = (channel: string) => `bc:{a/local/${channel}}`
  return {
    read: (channelId) => readLog(redis, channelId),
    pending: (channelId) => redis.hlen(`${base(channelId)}:pending`),
    waiters: (topic) => redis.llen(`${base(topic)}:waiters`),
    early: (topic) => redis.llen(`${base(topic)}:early`),
    async conversation(id) {
      const line = `bc:{c/local/${id}}`
      const [flat, place, places] = await Promise.all([
        redis.zrange(`${line}:members`, '0', '-1', 'WITHSCORES'),
        redis.hget(`${line}:line`, 'transcript'),
        redis.llen(`${line}:places`),
      ])
      const [root = '', length] = place?.split(' ') ?? []
      const kept = place === null ? [] : await segmentsInRedis(redis)({ root, length: Number(length) })
      const members = Array.from({ length: flat.length / 2 }, (_, n) => ({
        channelId: flat[2 * n] ?? '',
        at: Number(flat[2 * n + 1]),
      }))
      return { members, kept: messagesOf(kept), places }
    },
  }
}

interface EntryRow {
  readonly offset: number
  readonly kind: string
  readonly payload: string
  readonly tag: string
  readonly at: number
  readonly isFact: number
}

/** Of a process that is up: it has all locks that a start needs. */
export function runsInFile(file: string): StoredRuns {
  const all = <Row>(sql: string, channel: string): Row[] => {
    const db = new DatabaseSync(file, { readOnly: true })
    try {
      return db.prepare(sql).all(channel) as Row[]
    } finally {
      db.close()
    }
  }
  const count = async (from: string, channel: string) =>
    all<{ n: number }>(`SELECT count(*) AS n FROM ${from} AND account = 'local' AND channel = ?`, channel)[0]?.n ?? 0
  const segments = async ({ root, length }: Reference) => {
    const texts = all<{ text: string }>(
      "SELECT text FROM segment JOIN list ON segment.list = list.id WHERE account = 'local' AND root = ? ORDER BY place",
      root,
    )
    return texts.slice(0, length).map(({ text }) => text)
  }
  return {
    async conversation(id) {
      const of = "FROM line WHERE account = 'local' AND conversation = ?"
      const [line] = all<{ root: string | null; length: number | null }>(
        `SELECT (SELECT root FROM list WHERE list.id = line.list) AS root, listLength AS length ${of}`,
        id,
      )
      const members = all<{ channelId: string; at: number }>(
        `SELECT channel AS channelId, createdAt AS at FROM lineMember WHERE line IN (SELECT id ${of})`,
        id,
      )
      const [places] = all<{ n: number }>(`SELECT count(*) AS n FROM linePlace WHERE line IN (SELECT id ${of})`, id)
      const { root = null, length = null } = line ?? {}
      const kept = root === null ? [] : await segments({ root, length: length ?? 0 })
      return { members, kept: messagesOf(kept), places: places?.n ?? 0 }
    },
    async read(channelId) {
      const heads = "SELECT epoch, last FROM log WHERE account = 'local' AND channel = ?"
      const [head] = all<{ epoch: string; last: number }>(heads, channelId)
      const entries = `SELECT offset, kind, payload, entry.tag, entry.at, isFact FROM entry JOIN log ON entry.log = log.id
        WHERE account = 'local' AND channel = ? ORDER BY offset`
      const rows = all<EntryRow>(entries, channelId)
      const log = rows.map(({ offset, kind, payload, tag, at }) => ({
        ...{ offset, kind, tag, at },
        event: decode(kind, payload),
      }))
      return {
        log: await withTranscripts(log, segments),
        epoch: head?.epoch ?? '',
        facts: rows.filter(({ isFact }) => isFact === 1).map(({ offset }) => `${offset}-0`),
        last: head?.last ?? 0,
      }
    },
    pending: (channelId) => count('pending JOIN run ON pending.run = run.id WHERE answer IS NULL', channelId),
    waiters: (topic) => count('waiter WHERE true', topic),
    early: (topic) => count('message WHERE waiter IS NULL', topic),
  }
}
