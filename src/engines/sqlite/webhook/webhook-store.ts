import type { AccountId } from '../../../kernel/ids.ts'
import { type Webhook, type WebhookKey, type WebhookStore, webhookBounds } from '../../../webhooks/webhook.ts'
import type { Database } from '../database/group-commit.ts'
import type { Ledger } from '../limits/ledger.ts'

interface Row {
  readonly json: string
}

export function createEmbeddedWebhookStore({ command, read, sql }: Database, ledger: Ledger): WebhookStore {
  const find = ({ account, webhook }: WebhookKey) =>
    sql.one<Row>('SELECT json FROM webhook WHERE account = ? AND webhook = ?', account, webhook)?.json ?? null
  const list = (account: AccountId) =>
    sql.all<Row>('SELECT json FROM webhook WHERE account = ? ORDER BY id', account).map(({ json }) => decode(json))

  return {
    list: (account) => read(() => list(account)),
    find: (key) =>
      read(() => {
        const json = find(key)
        return json === null ? null : decode(json)
      }),
    create: (account, webhook) =>
      command(() => {
        if (find({ account, webhook: webhook.id }) !== null) return 'created'
        if (list(account).length >= webhookBounds.webhooks) return 'full'
        const json = JSON.stringify(webhook)
        ledger.requireRoom(account, Buffer.byteLength(json))
        sql.run('INSERT INTO webhook VALUES (NULL, ?, ?, ?, ?)', account, webhook.id, json, Buffer.byteLength(json))
        return 'created'
      }),
    replace: (account, before, after) =>
      command(() => {
        const json = JSON.stringify(after)
        const stored = find({ account, webhook: after.id })
        if (stored === json) return true
        if (stored !== JSON.stringify(before)) return false
        ledger.requireRoom(account, Math.max(0, Buffer.byteLength(json) - Buffer.byteLength(stored)))
        sql.run(
          'UPDATE webhook SET json = ?, bytes = ? WHERE account = ? AND webhook = ?',
          ...[json, Buffer.byteLength(json), account, after.id],
        )
        return true
      }),
    remove: ({ account, webhook }) =>
      command(() => {
        sql.run('DELETE FROM delivery WHERE account = ? AND webhook = ?', account, webhook)
        return sql.run('DELETE FROM webhook WHERE account = ? AND webhook = ?', account, webhook) === 1
      }),
  }
}

function decode(json: string): Webhook {
  // This store wrote it.
  return JSON.parse(json) as Webhook
}
