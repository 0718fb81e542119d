import { encodeEvent } from '../../../channel/entry-codec.ts'
import {
  type Assignment,
  encodePublished,
  keptMessages,
  type Publication,
  type PublishReply,
  parsePublished,
  parseWaiter,
  type ResultChannelLimits,
  type ResultChannels,
  waiterName,
} from '../../../dispatch/result-channel.ts'
import type { ChannelKey } from '../../../kernel/ids.ts'
import type { Channels } from '../channel/channels.ts'
import type { Logs } from '../channel/log.ts'
import type { Database } from '../database/group-commit.ts'
import type { Ledger } from '../limits/ledger.ts'

export interface ResultChannelParts {
  readonly logs: Logs
  readonly channels: Channels
  readonly ledger: Ledger
  readonly clock: () => number
  readonly limits: ResultChannelLimits
}

export interface EmbeddedResultChannels extends ResultChannels {
  /** Part of a command: drops some of what is too old. True: there may be more. */
  expire(): boolean
}

interface MessageRow {
  readonly place: number
  /** Null: it came before its call. */
  readonly waiter: string | null
  readonly text: string
}

const ofChannel = 'account = ? AND channel = ?'
/** How much one command drops at most. */
const batch = 100

/** The same commands as the scripts of Redis, each all or nothing. */
export function createEmbeddedResultChannels(database: Database, parts: ResultChannelParts): EmbeddedResultChannels {
  const { command, read, sql } = database
  const { logs, channels, ledger, clock, limits } = parts

  /** The call that has waited longest waits no longer. */
  const nextWaiter = ({ account, channel }: ChannelKey): string | null =>
    sql.one<{ name: string }>(
      `DELETE FROM waiter WHERE ${ofChannel} AND place = (SELECT min(place) FROM waiter WHERE ${ofChannel}) RETURNING name`,
      ...[account, channel, account, channel],
    )?.name ?? null
  /** Keeps the message for the waiter, or for a later call; `first`: before all others. */
  const keep = ({ account, channel }: ChannelKey, waiter: string | null, text: string, at: 'first' | 'last') =>
    sql.run(
      `INSERT INTO message SELECT ?, ?, coalesce(${at === 'first' ? 'min(place) - 1' : 'max(place) + 1'}, 0), ?, ?, ?, ?
        FROM message WHERE ${ofChannel}`,
      ...[account, channel, waiter, clock(), text, Buffer.byteLength(text), account, channel],
    )
  /** Drops the early messages that are too old or too many. */
  const dropEarly = ({ account, channel }: ChannelKey) => {
    sql.run(
      `DELETE FROM message WHERE ${ofChannel} AND waiter IS NULL AND (at < ? OR place <= (SELECT place FROM message
        WHERE ${ofChannel} AND waiter IS NULL ORDER BY place DESC LIMIT 1 OFFSET ?))`,
      ...[account, channel, clock() - limits.earlyMs, account, channel, keptMessages],
    )
  }
  const assignedTo = ({ account, channel }: ChannelKey, name: string): MessageRow | null =>
    sql.one<MessageRow>(
      `SELECT place, waiter, text FROM message WHERE ${ofChannel} AND waiter = ?`,
      account,
      channel,
      name,
    )
  /** Undoes an assignment, if it still holds the same message, and returns that message. */
  const take = (key: ChannelKey, { waiter, tag }: Assignment): string | null => {
    const row = assignedTo(key, waiterName(waiter))
    if (row === null || parsePublished(row.text).tag !== tag) return null
    sql.run(`DELETE FROM message WHERE ${ofChannel} AND place = ?`, key.account, key.channel, row.place)
    return row.text
  }

  const publish = (key: ChannelKey, { message, tag, epoch }: Publication): PublishReply => {
    const known = logs.find(key)
    if (known?.isClosed === 1) return { outcome: 'ended' }
    const event = encodeEvent({ type: 'channel-message-published', payload: message })
    const bytes = Buffer.byteLength(event.payload)
    const { publishedEntries = 0, publishedSize = 0 } = known ?? {}
    if (publishedEntries >= limits.maxEntries || publishedSize + bytes > limits.maxBytes) return { outcome: 'full' }
    ledger.requireRoom(key.account, bytes)
    const log = channels.append(key, logs.open(key, epoch), { tag, events: [event] })
    sql.run('UPDATE log SET publishedAt = ? WHERE id = ? AND id NOT IN (SELECT id FROM run)', clock(), log.id)
    const waiter = nextWaiter(key)
    keep(key, waiter, encodePublished({ tag, message }), 'last')
    if (waiter !== null) return { outcome: 'published', assignment: { waiter: parseWaiter(waiter), message, tag } }
    dropEarly(key)
    return { outcome: 'published', assignment: null }
  }

  return {
    publish: (key, publication) => command(() => publish(key, publication)),

    wait: (key, waiter) =>
      command(() => {
        const { account, channel } = key
        const name = waiterName(waiter)
        const assigned = assignedTo(key, name)
        if (assigned !== null) return parsePublished(assigned.text)
        if (sql.one(`SELECT 1 FROM waiter WHERE ${ofChannel} AND name = ?`, account, channel, name) !== null)
          return null
        dropEarly(key)
        const first = sql.one<MessageRow>(
          `SELECT place, waiter, text FROM message WHERE ${ofChannel} AND waiter IS NULL ORDER BY place LIMIT 1`,
          account,
          channel,
        )
        if (first === null) {
          sql.run(
            `INSERT INTO waiter SELECT ?, ?, coalesce(max(place) + 1, 0), ?, ? FROM waiter WHERE ${ofChannel}`,
            ...[account, channel, name, clock(), account, channel],
          )
          return null
        }
        sql.run(`UPDATE message SET waiter = ? WHERE ${ofChannel} AND place = ?`, name, account, channel, first.place)
        return parsePublished(first.text)
      }),

    undelivered: ({ account, channel }) =>
      read(() =>
        sql
          .all<MessageRow>(
            `SELECT place, waiter, text FROM message WHERE ${ofChannel} AND waiter IS NOT NULL ORDER BY place`,
            account,
            channel,
          )
          .map(({ waiter, text }) => ({ waiter: parseWaiter(waiter ?? ''), ...parsePublished(text) })),
      ),

    delivered: (key, assignment) => command(() => void take(key, assignment)),

    reassign: (key, assignment) =>
      command(() => {
        const message = take(key, assignment)
        if (message === null) return null
        const next = nextWaiter(key)
        keep(key, next, message, 'first')
        return next === null ? null : { waiter: parseWaiter(next), ...parsePublished(message) }
      }),

    expire() {
      const now = clock()
      const old = sql.all<{ id: number }>(
        'SELECT id FROM log WHERE publishedAt <= ? ORDER BY publishedAt LIMIT ?',
        now - limits.logSeconds * 1000,
        batch,
      )
      for (const { id } of old) logs.forget(id)
      sql.run('DELETE FROM message WHERE waiter IS NULL AND at < ?', now - limits.earlyMs)
      sql.run('DELETE FROM message WHERE at < ?', now - limits.waitSeconds * 1000)
      sql.run('DELETE FROM waiter WHERE since < ?', now - limits.waitSeconds * 1000)
      return old.length === batch
    },
  }
}
