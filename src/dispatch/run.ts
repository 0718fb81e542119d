import type { Position } from '../channel/position.ts'
import type { DispatchError, DispatchResult } from '../conversation/event.ts'
import type { PausedBy } from '../conversation/limits.ts'
import type { RunStatus } from '../conversation/run-status.ts'
import type { Usage } from '../conversation/usage.ts'
import type { ChannelKey, ConversationId } from '../kernel/ids.ts'

/** A run's place in the line of its conversation. */
export interface Turn {
  readonly conversation: ConversationId
  readonly ticket: string
  /** Its turn has not come: no worker may have it. Its status is `queued`. */
  readonly isHeld: boolean
}

/**
 * The control record of a run, by which the stores decide. It outlives the log as the run's tombstone, so that dispatching
 * stays idempotent and `dispatch` still answers. Times are in ms since 1970.
 */
export interface Run {
  readonly key: ChannelKey
  readonly status: RunStatus
  /** Identifies the job that may claim the run. Grows when a parked run is woken. */
  readonly wake: number
  readonly attempts: number
  /** Of the caller's canonical input. */
  readonly digest: string
  readonly model: string
  readonly botId: string | null
  readonly contactId: string | null
  /** The caller's own data. */
  readonly meta: Readonly<Record<string, unknown>> | null
  /** Null: it belongs to no conversation. */
  readonly turn: Turn | null
  /** Among the account's queued runs; 0 unless the dispatch said otherwise. */
  readonly priority: number
  readonly notBefore: number | null
  readonly createdAt: number
  readonly startedAt: number | null
  readonly finishedAt: number | null
  readonly result: DispatchResult | null
  readonly error: DispatchError | null
  readonly usage: Usage
  /** The limit that has paused the run; null: none has. */
  readonly paused: PausedBy | null
  /** The price of its model was known when it was accepted. */
  readonly isPriced: boolean
  /** The end of the log. */
  readonly position: Position
}
