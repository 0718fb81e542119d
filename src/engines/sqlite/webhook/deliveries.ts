import type { ChannelId, ResourceId } from '../../../kernel/ids.ts'
import type { Deliveries, DeliveryKey } from '../../../webhooks/delivery.ts'
import type { WebhookKey } from '../../../webhooks/webhook.ts'
import { decodeDelivery, decodeNotice } from '../../notice.ts'
import type { Database } from '../database/group-commit.ts'

interface Row {
  readonly channel: ChannelId
  readonly notice: string
  readonly webhook: ResourceId
  readonly json: string
  readonly createdAt: number
}

const ofKey = 'account = ? AND channel = ? AND notice = ? AND webhook = ?'

/** The same as the scripts of Redis. `dueAt`: when the delivery is sent next, or its lease is over. */
export function createEmbeddedDeliveries({ command, read, sql }: Database): Deliveries {
  const placeOf = ({ account, channel, notice, webhook }: DeliveryKey) => [account, channel, notice, webhook]

  return {
    // Endpoints are few, and what one has in its line may be much.
    due: (now, limit) =>
      read(() =>
        sql.all<WebhookKey>(
          `SELECT account, webhook FROM webhook WHERE EXISTS (SELECT 1 FROM delivery
            WHERE delivery.account = webhook.account AND delivery.webhook = webhook.webhook AND dueAt <= ?) LIMIT ?`,
          ...[now, limit],
        ),
      ),

    take: ({ account, webhook }, { now, limit, leaseMs }) =>
      command(() =>
        sql
          .all<Pick<Row, 'channel' | 'notice'>>(
            `UPDATE delivery SET dueAt = ? WHERE id IN (SELECT id FROM delivery
              WHERE account = ? AND webhook = ? AND dueAt <= ? ORDER BY dueAt, id LIMIT ?) RETURNING channel, notice`,
            ...[now + leaseMs, account, webhook, now, limit],
          )
          .map(({ channel, notice }) => ({ account, webhook, channel, notice })),
      ),

    load: (key) =>
      read(() => {
        const row = sql.one<Row>(`SELECT json FROM delivery WHERE ${ofKey}`, ...placeOf(key))
        const notice = sql.one<{ json: string }>(
          'SELECT json FROM notice WHERE account = ? AND channel = ? AND notice = ?',
          ...[key.account, key.channel, key.notice],
        )
        if (row === null || notice === null) return null
        return { delivery: decodeDelivery(row.json), notice: decodeNotice(notice.json) }
      }),

    settle: (key, before, after) =>
      command(() => {
        const texts = [JSON.stringify(after), after.nextAt, ...placeOf(key), JSON.stringify(before)]
        return sql.run(`UPDATE delivery SET json = ?, dueAt = ? WHERE ${ofKey} AND json = ?`, ...texts) === 1
      }),

    release: (key, at) =>
      command(() => {
        sql.run(`UPDATE delivery SET dueAt = ? WHERE ${ofKey} AND dueAt IS NOT NULL`, at, ...placeOf(key))
      }),

    forget: (key) =>
      command(() => {
        sql.run(`DELETE FROM delivery WHERE ${ofKey}`, ...placeOf(key))
      }),

    page: ({ account, webhook }, before, limit) =>
      read(() => {
        const last =
          before === null
            ? null
            : sql.one<{ id: number }>(`SELECT id FROM delivery WHERE ${ofKey}`, ...placeOf(before.key))
        const rows = sql.all<Row>(
          `SELECT channel, notice, webhook, json, createdAt FROM delivery
            WHERE account = ? AND webhook = ? AND (createdAt < ? OR (createdAt = ? AND id < ?)) ORDER BY createdAt DESC, id DESC LIMIT ?`,
          ...[
            account,
            webhook,
            before?.createdAt ?? Number.MAX_SAFE_INTEGER,
            before?.createdAt ?? 0,
            last?.id ?? 0,
            limit,
          ],
        )
        const items = rows.map(({ channel, notice, json }) => {
          return { key: { account, webhook, channel, notice }, delivery: decodeDelivery(json) }
        })
        const end = items.at(-1)
        if (end === undefined || items.length < limit) return { items, next: null }
        return { items, next: { key: end.key, createdAt: end.delivery.createdAt } }
      }),
  }
}
