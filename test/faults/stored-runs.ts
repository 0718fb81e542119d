import { DatabaseSync } from 'node:sqlite'
import type { Redis } from 'ioredis'
import { decode, readLog, type StoredRun } from './read-log.ts'

/** What the checker reads of an engine, behind the service's back and without its code. */
export interface StoredRuns {
  read(channelId: string): Promise<StoredRun>
  /** Calls of the run that can still be answered. */
  pending(channelId: string): Promise<number>
  /** Calls that wait on a channel, and messages that wait there. */
  waiters(topic: string): Promise<number>
  early(topic: string): Promise<number>
}

export function runsInRedis(redis: Redis): StoredRuns {
  const base = (channel: string) => `bc:{a/local/${channel}}`
  return {
    read: (channelId) => readLog(redis, channelId),
    pending: (channelId) => redis.hlen(`${base(channelId)}:pending`),
    waiters: (topic) => redis.llen(`${base(topic)}:waiters`),
    early: (topic) => redis.llen(`${base(topic)}:early`),
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
  return {
    async read(channelId) {
      const heads = "SELECT epoch, last FROM log WHERE account = 'local' AND channel = ?"
      const [head] = all<{ epoch: string; last: number }>(heads, channelId)
      const entries = `SELECT offset, kind, payload, entry.tag, entry.at, isFact FROM entry JOIN log ON entry.log = log.id
        WHERE account = 'local' AND channel = ? ORDER BY offset`
      const rows = all<EntryRow>(entries, channelId)
      return {
        log: rows.map(({ offset, kind, payload, tag, at }) => ({
          offset,
          kind,
          tag,
          at,
          event: decode(kind, payload),
        })),
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
