import type { DispatchError, DispatchResult } from '../conversation/event.ts'
import type { ReachedLimit } from '../conversation/limits.ts'
import { noUsage, type Usage } from '../conversation/usage.ts'
import type { PendingCall } from '../dispatch/pending-call.ts'
import { parseJson } from '../kernel/json.ts'
import type { Delivery, Notice } from '../webhooks/delivery.ts'
import type { WebhookEvent } from '../webhooks/webhook.ts'

/** A notice, as both engines store it: `tell.lua` writes the same. */
export interface StoredNotice {
  readonly event: WebhookEvent
  readonly at: number
  readonly conversationId: string | null
  readonly meta: Readonly<Record<string, unknown>> | null
  /** The result of a completed run, the error of a failed one; null: there is none, or it is apart. */
  readonly outcome: DispatchResult | DispatchError | null
  readonly usage: Usage | null
  readonly calls: readonly PendingCall[]
  /** Absent: an earlier release has written it. */
  readonly reachedLimit?: ReachedLimit | null
  readonly isApart: boolean
  readonly isCut: boolean
}

export function decodeNotice(json: string): Notice {
  const { outcome, usage, calls, reachedLimit = null, ...notice } = parseJson(json) as StoredNotice
  return {
    ...notice,
    // By the event.
    result: notice.event === 'completed' ? (outcome as DispatchResult | null) : null,
    error: notice.event === 'failed' ? (outcome as DispatchError | null) : null,
    usage: usage ?? noUsage,
    pendingCalls: calls,
    reachedLimit,
  }
}

export function decodeDelivery(json: string): Delivery {
  // An engine wrote it.
  return JSON.parse(json) as Delivery
}
