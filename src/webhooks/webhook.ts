import type { AccountId, ResourceId } from '../kernel/ids.ts'

/** What an endpoint can be told of, in the order in which it is listed. */
export const webhookEvents = ['completed', 'failed', 'cancelled', 'waiting'] as const
export type WebhookEvent = (typeof webhookEvents)[number]

/** Names an endpoint. */
export interface WebhookKey {
  readonly account: AccountId
  readonly webhook: ResourceId
}

/** An endpoint of an account. Times are in ms since 1970. */
export interface Webhook {
  readonly id: ResourceId
  readonly url: string
  readonly events: readonly WebhookEvent[]
  readonly description: string | null
  readonly isEnabled: boolean
  /** The signing secret, as the vault has sealed it. */
  readonly sealed: string
  /** The secret before the last rotation: what is sent until then is signed with both. */
  readonly previous: { readonly sealed: string; readonly until: number } | null
  readonly createdAt: number
  readonly updatedAt: number
}

/**
 * The endpoints of accounts. Each method is atomic. Throws UNAVAILABLE when the store cannot be reached. From the moment that a
 * change is stored, every script that ends or parks a run goes by it.
 */
export interface WebhookStore {
  /** The oldest first. */
  list(account: AccountId): Promise<readonly Webhook[]>
  find(key: WebhookKey): Promise<Webhook | null>
  /** `full`: the account has as many as it may, and nothing was written. Throws LIMIT_EXCEEDED if the account has no room. */
  create(account: AccountId, webhook: Webhook): Promise<'created' | 'full'>
  /** False, and nothing is written, if the endpoint is no longer as it was. */
  replace(account: AccountId, before: Webhook, after: Webhook): Promise<boolean>
  /** Removes the endpoint, and its deliveries from every list. False: there was none. */
  remove(key: WebhookKey): Promise<boolean>
}

export const webhookBounds = {
  /** Endpoints of an account. */
  webhooks: 16,
  /** UTF-16 code units. */
  url: 4096,
  description: 10_000,
  /** The newest deliveries of an endpoint that are listed. Older ones are still sent. */
  listed: 10_000,
  /** How long a delivery is kept after the last change to one of its dispatch. */
  keptMs: 5 * 24 * 3_600_000,
  /** A result or an error with more UTF-8 bytes of JSON is not kept with the delivery but read from the record. */
  outcomeBytes: 65_536,
  /** UTF-8 bytes of all pending calls of one delivery, as JSON: as many calls as fit. */
  callsBytes: 65_536,
  /** UTF-16 code units of a result's text. */
  text: 65_536,
  /** How long a secret signs after it has been replaced. */
  rotationMs: 24 * 3_600_000,
} as const
