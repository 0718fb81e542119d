import { badInput, Failure } from '../kernel/errors.ts'
import { type AccountId, type Ids, parseResourceId } from '../kernel/ids.ts'
import {
  type Deliveries,
  type DeliveryPlace,
  type DeliveryStatus,
  type ListedDelivery,
  parseDeliveryId,
} from './delivery.ts'
import { sentAgain } from './retries.ts'
import { newSigningSecret } from './signature.ts'
import { type Webhook, type WebhookKey, type WebhookStore, webhookBounds, webhookEvents } from './webhook.ts'
import type { WebhookChange, WebhookInput } from './webhook-input.ts'

export interface WithSecret {
  readonly webhook: Webhook
  /** Told once: only the vault's form of it is stored. */
  readonly signingSecret: string
}

/** The endpoints of accounts, for every API. Another account's endpoints look exactly like missing ones. */
export interface Webhooks {
  /** Null if the account has none with this id. */
  find(account: AccountId, id: string): Promise<Webhook | null>
  /** The newest first. */
  list(account: AccountId): Promise<readonly Webhook[]>
  /** LIMIT_EXCEEDED if the account has as many as it may. */
  create(account: AccountId, input: WebhookInput): Promise<WithSecret>
  /** NOT_FOUND if there is none. So with all that follow. */
  update(account: AccountId, id: string, change: WebhookChange): Promise<Webhook>
  remove(account: AccountId, id: string): Promise<void>
  rotate(account: AccountId, id: string): Promise<WithSecret>
  /** The newest first, after `before`. @param statuses null: all */
  deliveries(
    webhook: WebhookKey,
    page: {
      readonly before: DeliveryPlace | null
      readonly limit: number
      readonly statuses: readonly DeliveryStatus[] | null
    },
  ): Promise<{ readonly items: readonly ListedDelivery[]; readonly hasMore: boolean }>
  resend(account: AccountId, deliveryId: string): Promise<ListedDelivery>
}

export interface WebhooksDeps {
  readonly store: WebhookStore
  readonly deliveries: Deliveries
  /** Throws UNAVAILABLE where the server has no key to seal with. */
  readonly seal: (key: WebhookKey, secret: string) => string
  /** Why requests to this URL would be refused, as far as its text tells; null: it tells nothing. */
  readonly urlProblem: (url: string) => string | null
  readonly randomBytes: (length: number) => Uint8Array
  readonly ids: Ids
  readonly clock: () => number
}

export function createWebhooks(deps: WebhooksDeps): Webhooks {
  const { store, clock } = deps

  const requireReachable = (url: string) => {
    const problem = deps.urlProblem(url)
    if (problem !== null) throw badInput([{ path: ['input', 'url'], message: problem }])
  }
  const find = async (account: AccountId, text: string) => {
    const webhook = parseResourceId(text)
    return webhook === null ? null : store.find({ account, webhook })
  }
  /** Changes what is there now; two changes of different fields both take effect. */
  const change = async (account: AccountId, id: string, next: (before: Webhook) => Webhook): Promise<Webhook> => {
    for (;;) {
      const before = await find(account, id)
      if (before === null) throw noSuch('webhook')
      const after = { ...next(before), updatedAt: Math.max(clock(), before.updatedAt + 1) }
      if (await store.replace(account, before, after)) return after
    }
  }

  return {
    find,
    list: async (account) => (await store.list(account)).toReversed(),

    async create(account, { url, events, description }) {
      requireReachable(url)
      const id = deps.ids.resourceId('webhook')
      const signingSecret = newSigningSecret(deps.randomBytes)
      const now = clock()
      const webhook: Webhook = {
        ...{ id, url, events: events ?? webhookEvents, description: description ?? null, isEnabled: true },
        sealed: deps.seal({ account, webhook: id }, signingSecret),
        ...{ previous: null, createdAt: now, updatedAt: now },
      }
      if ((await store.create(account, webhook)) === 'full') {
        throw new Failure('LIMIT_EXCEEDED', `The account has ${webhookBounds.webhooks} webhooks, which is the most.`)
      }
      return { webhook, signingSecret }
    },

    async update(account, id, { url, events, description, isEnabled }) {
      if (url !== undefined) requireReachable(url)
      return change(account, id, (before) => ({
        ...before,
        ...(url !== undefined && { url }),
        ...(events !== undefined && { events: events ?? webhookEvents }),
        ...(description !== undefined && { description }),
        ...(isEnabled !== undefined && { isEnabled }),
      }))
    },

    async remove(account, text) {
      const webhook = parseResourceId(text)
      if (webhook === null || !(await store.remove({ account, webhook }))) throw noSuch('webhook')
    },

    async rotate(account, id) {
      const signingSecret = newSigningSecret(deps.randomBytes)
      const webhook = await change(account, id, (before) => ({
        ...before,
        sealed: deps.seal({ account, webhook: before.id }, signingSecret),
        previous: { sealed: before.sealed, until: clock() + webhookBounds.rotationMs },
      }))
      return { webhook, signingSecret }
    },

    async deliveries(webhook, { before, limit, statuses }) {
      const items: ListedDelivery[] = []
      for (let from = before; ; ) {
        const page = await deps.deliveries.page(webhook, from, pageSize)
        for (const item of page.items) {
          if (statuses !== null && !statuses.includes(item.delivery.status)) continue
          if (items.length === limit) return { items, hasMore: true }
          items.push(item)
        }
        if (page.next === null) return { items, hasMore: false }
        from = page.next
      }
    },

    async resend(account, text) {
      const key = parseDeliveryId(account, text)
      for (;;) {
        const loaded = key === null ? null : await deps.deliveries.load(key)
        if (key === null || loaded === null) throw noSuch('delivery')
        if ((await store.find(key)) === null) throw noSuch('delivery')
        const delivery = sentAgain(loaded.delivery, clock())
        if (await deps.deliveries.settle(key, loaded.delivery, delivery)) return { key, delivery }
      }
    },
  }
}

/** Deliveries are read so many at a time, until the page that was asked for is full. */
const pageSize = 100

function noSuch(noun: string): Failure {
  return new Failure('NOT_FOUND', `There is no ${noun} by that id.`)
}
