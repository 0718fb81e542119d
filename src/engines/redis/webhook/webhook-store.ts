import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import { accountIsFull } from '../../../dispatch/limits/stored-bytes.ts'
import type { AccountId } from '../../../kernel/ids.ts'
import {
  type Webhook,
  type WebhookEvent,
  type WebhookKey,
  type WebhookStore,
  webhookBounds,
} from '../../../webhooks/webhook.ts'
import { defineScript, rethrowRedis } from '../connection.ts'
import { hooksDueKey, hooksKey, ledgerKeys } from '../keys.ts'
import { ledgerLua } from '../limits/ledger-script.ts'

/** @param accountBytes of all that an account has stored; 0: no limit */
export function createRedisWebhookStore(redis: Redis, accountBytes: number): WebhookStore {
  const script = (name: string) => {
    const body = readFileSync(new URL(`./${name}.lua`, import.meta.url), 'utf8')
    return defineScript(redis, `backchannel-${name}`, `${ledgerLua}\n${body}`)
  }
  const write = script('write-webhook')
  const remove = script('remove-webhook')
  const keysOf = (account: AccountId) => [hooksKey(account), ...Object.values(ledgerKeys(account))]
  const written = async (account: AccountId, before: Webhook | null, after: Webhook): Promise<WriteReply> => {
    const stored = before === null ? '' : encodeWebhook(before)
    const args = [after.id, stored, encodeWebhook(after), webhookBounds.webhooks, accountBytes]
    const reply = await write(keysOf(account), args).catch(rethrowRedis)
    if (reply === 'account-full') throw accountIsFull()
    // The script returns nothing else.
    return reply as WriteReply
  }

  return {
    async list(account) {
      const stored = await redis.hvals(hooksKey(account)).catch(rethrowRedis)
      return stored.map(decodeWebhook).sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
    },
    async find({ account, webhook }) {
      const stored = await redis.hget(hooksKey(account), webhook).catch(rethrowRedis)
      return stored === null ? null : decodeWebhook(stored)
    },
    async create(account, webhook) {
      return (await written(account, null, webhook)) === 'full' ? 'full' : 'created'
    },
    async replace(account, before, after) {
      return (await written(account, before, after)) === 'written'
    },
    async remove(key) {
      const args = [key.webhook, webhookName(key)]
      return (await remove([...keysOf(key.account), hooksDueKey], args).catch(rethrowRedis)) === 1
    },
  }
}

type WriteReply = 'written' | 'stale' | 'full'

/** Its name across all accounts, for the list of what is due. */
export function webhookName({ account, webhook }: WebhookKey): string {
  return `${account}/${webhook}`
}

const letters: Readonly<Record<WebhookEvent, string>> = { completed: 'c', failed: 'f', cancelled: 'x', waiting: 'w' }

/** Scripts read what stands before the JSON. */
function encodeWebhook(webhook: Webhook): string {
  const heard = webhook.events.map((event) => letters[event]).join('')
  return `${webhook.isEnabled ? 1 : 0}${heard} ${JSON.stringify(webhook)}`
}

function decodeWebhook(stored: string): Webhook {
  // encodeWebhook wrote it.
  return JSON.parse(stored.slice(stored.indexOf('{'))) as Webhook
}
