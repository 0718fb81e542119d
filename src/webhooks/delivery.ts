import type { DispatchError, DispatchResult } from '../conversation/event.ts'
import type { FunctionCall } from '../conversation/function.ts'
import type { ReachedLimit } from '../conversation/limits.ts'
import type { Usage } from '../conversation/usage.ts'
import { type AccountId, type ChannelId, type ChannelKey, parseChannelId, parseResourceId } from '../kernel/ids.ts'
import type { WebhookEvent, WebhookKey } from './webhook.ts'

export const deliveryStatuses = ['pending', 'delivered', 'failed'] as const
export type DeliveryStatus = (typeof deliveryStatuses)[number]

/** What happened to a dispatch, as the script that wrote it has kept it: once for all endpoints that are told. */
export interface Notice {
  readonly event: WebhookEvent
  /** In ms since 1970. */
  readonly at: number
  readonly conversationId: string | null
  readonly meta: Readonly<Record<string, unknown>> | null
  /** Null: the event has none, or it is kept apart. */
  readonly result: DispatchResult | null
  readonly error: DispatchError | null
  readonly usage: Usage
  readonly pendingCalls: readonly { readonly call: FunctionCall }[]
  /** What has paused the run; null: nothing has. */
  readonly reachedLimit: ReachedLimit | null
  /** The outcome is too large to be kept with the notice; the record has it. */
  readonly isApart: boolean
  /** Calls are left out. */
  readonly isCut: boolean
}

/** One endpoint that is told of one notice. Times are in ms since 1970. */
export interface Delivery {
  readonly event: WebhookEvent
  readonly status: DeliveryStatus
  readonly attempts: number
  /** The attempts before somebody asked to send it again: the pauses begin anew. */
  readonly attemptsBefore: number
  readonly lastStatusCode: number | null
  readonly lastError: string | null
  readonly createdAt: number
  /** Null: no further attempt. */
  readonly nextAt: number | null
}

/** Names a delivery: the id that its receiver knows it by. */
export interface DeliveryKey extends WebhookKey {
  readonly channel: ChannelId
  /** Unique within the channel: the tag of what was written. */
  readonly notice: string
}

/** Without the account: a receiver belongs to one. No part contains `~`, and the whole no full stop, as the specification asks. */
export function deliveryId({ channel, notice, webhook }: Omit<DeliveryKey, 'account'>): string {
  return `${channel}~${notice}~${webhook}`
}

/** Null for a text that we never mint. */
export function parseDeliveryId(account: AccountId, text: string): DeliveryKey | null {
  const [first = '', notice = '', last = '', ...rest] = text.split('~')
  const [channel, webhook] = [parseChannelId(first), parseResourceId(last)]
  if (channel === null || webhook === null || !/^[A-Za-z0-9]+$/.test(notice) || rest.length > 0) return null
  return { account, channel, notice, webhook }
}

export function channelOf({ account, channel }: DeliveryKey): ChannelKey {
  return { account, channel }
}

export interface DeliveryPlace {
  readonly key: DeliveryKey
  readonly createdAt: number
}

export interface Take {
  readonly now: number
  readonly limit: number
  /** Nobody else gets them before then, unless they are settled. */
  readonly leaseMs: number
}

/**
 * What is to be told to endpoints, and what became of it. Deliveries are written by the scripts that end or park a run; this is
 * the rest. Each method is atomic. Throws UNAVAILABLE when the store cannot be reached.
 */
export interface Deliveries {
  /** Endpoints that have something to be sent, the longest waiting first. */
  due(now: number, limit: number): Promise<readonly WebhookKey[]>
  /** Up to `limit` deliveries of the endpoint whose time has come, which nobody else has. */
  take(key: WebhookKey, take: Take): Promise<readonly DeliveryKey[]>
  /** Null: it is gone. */
  load(key: DeliveryKey): Promise<{ readonly delivery: Delivery; readonly notice: Notice } | null>
  /** Writes what became of it, and when it is sent next. False: it has changed since, or is gone; then it is sent no more, unless its present state says so. */
  settle(key: DeliveryKey, before: Delivery, after: Delivery): Promise<boolean>
  /** Takes what was taken, and not sent, back into the line: anybody may have it at `at`. */
  release(key: DeliveryKey, at: number): Promise<void>
  /** Nothing is sent any more of a delivery that is gone. */
  forget(key: DeliveryKey): Promise<void>
  /** The newest first, after `before`. What is gone is left out; `next` is where to go on, or null. */
  page(
    key: WebhookKey,
    before: DeliveryPlace | null,
    limit: number,
  ): Promise<{ readonly items: readonly ListedDelivery[]; readonly next: DeliveryPlace | null }>
}

export interface ListedDelivery {
  readonly key: DeliveryKey
  readonly delivery: Delivery
}
