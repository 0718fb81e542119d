import type { ReachedLimit } from '../../../conversation/limits.ts'
import type { ChannelKey } from '../../../kernel/ids.ts'
import { parseJson, stringifyJson } from '../../../kernel/json.ts'
import type { Delivery } from '../../../webhooks/delivery.ts'
import { type Webhook, type WebhookEvent, webhookBounds } from '../../../webhooks/webhook.ts'
import type { StoredNotice } from '../../notice.ts'
import type { Statements } from '../database/statements.ts'
import type { Pending } from '../run/pending.ts'
import { pausedOf, type RunRow } from '../run/run-row.ts'

/** What a delivery costs beside its notice, about. */
const deliveryBytes = 400

export interface Told {
  readonly event: WebhookEvent
  /** Unique within the channel. */
  readonly notice: string
  readonly at: number
  readonly outcome: StoredNotice['outcome']
}

/** What the account's endpoints are to be told of a run: part of the command that writes what it tells of. */
export interface Telling {
  tell(key: ChannelKey, run: RunRow, told: Told): void
  /** Removes what is to be told, and has been told, of a run. */
  forget(key: ChannelKey): void
  /** Drops some of what has been kept for long enough. True: there may be more. */
  expire(): boolean
}

/** How much one command drops at most. */
const batch = 100

export function createTelling(sql: Statements, pending: Pick<Pending, 'list'>, clock: () => number): Telling {
  return {
    tell(key, run, { event, notice, at, outcome }) {
      const heard = sql
        .all<{ json: string }>('SELECT json FROM webhook WHERE account = ? ORDER BY id', key.account)
        .map(({ json }) => parseJson(json) as Webhook)
        .filter(({ id, isEnabled, events }) => {
          return isEnabled && events.includes(event) && (run.webhookId === null || run.webhookId === id)
        })
      if (heard.length === 0) return
      const isApart = Buffer.byteLength(stringifyJson(outcome)) > webhookBounds.outcomeBytes
      const { calls, isCut } = event === 'waiting' ? whatFits(pending.list(run.id)) : { calls: [], isCut: false }
      const stored: StoredNotice = {
        ...{ event, at, conversationId: run.conversation },
        meta: run.meta === null ? null : (parseJson(run.meta) as StoredNotice['meta']),
        outcome: isApart ? null : outcome,
        usage: parseJson(run.usage) as StoredNotice['usage'],
        ...{ calls, reachedLimit: reachedBy(run), isApart, isCut },
      }
      const json = stringifyJson(stored)
      const place = [key.account, key.channel, notice]
      sql.run(
        'INSERT OR IGNORE INTO notice VALUES (NULL, ?, ?, ?, ?, ?, ?)',
        ...place,
        json,
        at,
        Buffer.byteLength(json),
      )
      const delivery: Delivery = {
        ...{ event, status: 'pending', attempts: 0, attemptsBefore: 0, lastStatusCode: null, lastError: null },
        ...{ createdAt: at, nextAt: at },
      }
      for (const { id } of heard) {
        sql.run(
          'INSERT OR IGNORE INTO delivery VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)',
          ...[...place, id, JSON.stringify(delivery), at, at, deliveryBytes],
        )
      }
    },

    forget({ account, channel }) {
      sql.run('DELETE FROM notice WHERE account = ? AND channel = ?', account, channel)
      sql.run('DELETE FROM delivery WHERE account = ? AND channel = ?', account, channel)
    },

    expire() {
      const before = clock() - webhookBounds.keptMs
      const dropped = (['notice', 'delivery'] as const).map((table) =>
        sql.run(
          `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE createdAt <= ? ORDER BY createdAt LIMIT ?)`,
          ...[before, batch],
        ),
      )
      return dropped.includes(batch)
    },
  }
}

/** What has paused the run; null: nothing has. */
function reachedBy(run: RunRow): ReachedLimit | null {
  const paused = pausedOf(run)
  return paused === null ? null : { kind: paused.kind, used: paused.used, allowed: paused.allowed }
}

function whatFits(calls: StoredNotice['calls']): Pick<StoredNotice, 'calls' | 'isCut'> {
  let bytes = 0
  const fitting = calls.filter((call) => {
    const size = Buffer.byteLength(stringifyJson(call))
    if (bytes + size > webhookBounds.callsBytes) return false
    bytes += size
    return true
  })
  return { calls: fitting, isCut: fitting.length < calls.length }
}
