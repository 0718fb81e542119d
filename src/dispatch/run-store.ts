import type { LogEntry } from '../channel/channel.ts'
import type { Cancellation } from '../conversation/decide.ts'
import type { ChannelEvent, DispatchQueued, EarlierTurn } from '../conversation/event.ts'
import type { Message } from '../conversation/message.ts'
import type { ConversationRequest } from '../conversation/request.ts'
import type { Usage } from '../conversation/usage.ts'
import type { ChannelKey } from '../kernel/ids.ts'
import type { PendingCall, Settlement, SettleReply } from './pending-call.ts'
import type { Run } from './run.ts'

export interface NewRun {
  readonly digest: string
  readonly botId: string | null
  readonly contactId: string | null
  readonly notBefore: number | null
  readonly createdAt: number
  /** When the sweep is to look at it for the first time. */
  readonly lookAt: number
  readonly request: ConversationRequest
  readonly messages: readonly Message[]
  /** Those among the messages that go back to their providers as they came. */
  readonly turns?: readonly EarlierTurn[]
  readonly epoch: string
  readonly tag: string
}

/** The first event of a run's log. */
export function queuedEvent({ messages, turns = [] }: Pick<NewRun, 'messages' | 'turns'>): DispatchQueued {
  return { type: 'dispatch-queued', messages, ...(turns.length > 0 && { turns }) }
}

/** `conflict`: the channel has a run with another input. */
export interface Creation {
  readonly outcome: 'created' | 'exists' | 'conflict'
  readonly run: Run
}

export interface ClaimInput {
  readonly wake: number
  /** A random token: who holds it, and no one else, may write. */
  readonly claim: string
  readonly tag: string
  /** Losses in a row without progress after which the run ends as WORKER_LOST. */
  readonly lossLimit: number
}

/** `stale`: the job is not the run's present one, or the run has ended; there is nothing to do. */
export type ClaimReply = { readonly outcome: 'stale' } | { readonly outcome: 'claimed'; readonly claimed: Claimed }

export interface CancelInput {
  readonly cancellation: Cancellation
  readonly isForced: boolean
  readonly tag: string
}

export interface Park {
  readonly claim: string
  /** Of its holder's last append; 0 when there was none. Another than the record's: the store has gone back behind it. */
  readonly seq: number
  /** How many facts its holder has seen: all that the log has, or there is news. */
  readonly seenFacts: number
  /** Of the last of them: after a store has gone back, as many may be others. */
  readonly lastTag: string
}

export interface Claimed {
  readonly attempt: number
  /** Holders in a row that were judged dead before this one, since the last progress. */
  readonly losses: number
  readonly request: ConversationRequest
  /** All facts, `dispatch-started` of this attempt last. */
  readonly facts: readonly LogEntry[]
  /** Messages that earlier attempts left half said. */
  readonly open: readonly string[]
  readonly cancelled: Cancellation | null
}

export interface Append {
  readonly claim: string
  /** Grows by one per append of a claim; the same again is the same append sent again. */
  readonly seq: number
  readonly tag: string
  /** Whole units only. An ending comes last. */
  readonly events: readonly ChannelEvent[]
  /** The messages that are half said when this is applied. */
  readonly open: readonly string[]
  /** The run's usage from now on; absent: as it was. */
  readonly usage?: Usage
  /**
   * A fact that others wrote and the writer has read since its last append. When the store has lost it the append is fenced:
   * the writer's own appends show by their seq, what it has only read does not.
   */
  readonly read?: { readonly offset: number; readonly tag: string }
  /** Calls that can be answered from now on; their `function-result-awaited` is among the events. */
  readonly awaits?: readonly PendingCall[]
}

/**
 * `fenced`: another holds the claim, or the store has gone back behind earlier appends of this one. `ended`: the run
 * has its ending. Neither wrote anything.
 */
export type AppendReply =
  | {
      readonly outcome: 'applied'
      readonly last: number
      readonly bytes: number
      /** Set once somebody wants the run cancelled: its worker is to bring it to that ending. */
      readonly cancelled: Cancellation | null
    }
  | { readonly outcome: 'fenced' | 'ended' }

/**
 * The runs, and the only way to write to their channels. Each method is atomic, and applied once however often the
 * same call is sent. Throws UNAVAILABLE when the store cannot be reached.
 */
export interface RunStore {
  /**
   * Writes record, request and `dispatch-queued`, its entry in the due list and its place in the account's index, unless the
   * channel has a run: then nothing.
   */
  create(key: ChannelKey, run: NewRun): Promise<Creation>
  /** In the order of `keys`; null where there is no run. */
  find(keys: readonly ChannelKey[]): Promise<readonly (Run | null)[]>
  /** All facts, oldest first; empty once the log has been removed. */
  facts(key: ChannelKey): Promise<readonly LogEntry[]>
  /**
   * Makes the caller the run's worker when `wake` is the run's: a start when the run is queued; when it is running, a
   * take-over from a holder that is judged dead. Appends `dispatch-started`.
   */
  claim(key: ChannelKey, input: ClaimInput): Promise<ClaimReply>
  /** Checks claim and seq, writes, counts and publishes; an ending also closes the record and sets its expiry. */
  append(key: ChannelKey, append: Append): Promise<AppendReply>
  /** Whether the holder of the claim is to cancel the run; for a worker that has had nothing to append for a while. */
  cancellation(key: ChannelKey, claim: string): Promise<Cancellation | null>
  /**
   * Lets a running run rest, without a worker: it waits for answers. `news`: its log holds other facts than the ones seen,
   * or it is to be cancelled; look again. `lost`: the claim is another's, or the store has gone back behind the holder's appends.
   */
  park(key: ChannelKey, park: Park): Promise<'parked' | 'news' | 'lost'>
  /** The calls that can be answered, in no order; none where there is no run. */
  pending(key: ChannelKey): Promise<readonly PendingCall[]>
  /**
   * The one way to answer a call: taking it from the pending ones decides. Writes the answer's facts; a waiting run is
   * queued again, under a new wake, when nothing is pending any more, when a deadline has passed, or when it must go on anyhow.
   */
  settle(key: ChannelKey, settlement: Settlement): Promise<SettleReply>
  /** Keeps a file for the run's model, as long as its log; the same id again changes nothing. */
  keepFile(key: ChannelKey, id: string, content: Uint8Array): Promise<void>
  /** Null where there is none. */
  file(key: ChannelKey, id: string): Promise<Uint8Array | null>
  /**
   * Ends a queued or waiting run, and a running one too if it is forced, which fences its worker. A running one is
   * marked otherwise. One that has ended stays as it is. Null where there is no run.
   */
  cancel(key: ChannelKey, input: CancelInput): Promise<Run | null>
  /** Gives a running run back to the queue, under the same wake and without a loss. False: the claim is another's. */
  release(key: ChannelKey, claim: string): Promise<boolean>
}

export interface Retention {
  /** How long log, facts and request outlive the ending. */
  readonly logSeconds: number
  /** How long the record, the tombstone, does. */
  readonly recordSeconds: number
}
