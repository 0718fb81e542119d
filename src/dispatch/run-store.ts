import type { LogEntry } from '../channel/channel.ts'
import type { Cancellation } from '../conversation/decide.ts'
import type { ChannelEvent, DispatchError, DispatchQueued, EarlierTurn } from '../conversation/event.ts'
import type { Message } from '../conversation/message.ts'
import type { ConversationRequest } from '../conversation/request.ts'
import type { Usage } from '../conversation/usage.ts'
import type { ChannelId, ChannelKey, ResourceId } from '../kernel/ids.ts'
import type { Addition, AddReply } from './added-messages.ts'
import type { TranscriptPlace } from './line/transcripts.ts'
import type { Park, Raise, RaiseReply } from './parking.ts'
import type { PendingCall, Settlement, SettleReply } from './pending-call.ts'
import type { Run, Turn } from './run.ts'

export interface NewRun {
  readonly digest: string
  readonly botId: string | null
  readonly contactId: string | null
  /** The endpoint that alone is told of this dispatch; absent: every enabled one of the account. */
  readonly webhookId?: ResourceId
  /** The caller's own data; absent: none. */
  readonly meta?: Readonly<Record<string, unknown>>
  /** Absent: 0. */
  readonly priority?: number
  readonly notBefore: number | null
  readonly createdAt: number
  /** When the sweep first looks at the run, in ms since 1970. */
  readonly lookAt: number
  readonly request: ConversationRequest
  readonly messages: readonly Message[]
  /** Those among the messages that go back to their providers as they came. */
  readonly turns?: readonly EarlierTurn[]
  /** What the first event of the log has of what was asked. */
  readonly echo?: Readonly<Record<string, unknown>>
  /** The first of the messages, and the turns, are the transcript of this dispatch. The store keeps it once for all that share it. */
  readonly continues?: Continued
  /** The run is held until its turn comes. Not with `continues`. */
  readonly turn?: NewTurn
  readonly epoch: string
  readonly tag: string
}

export interface NewTurn extends Pick<Turn, 'conversation' | 'ticket'> {
  /** Not after this time, by the store's clock: the place in the line may be given up by then; nor where a store that has gone back has lost it. In ms since 1970. */
  readonly createBy: number
}

/** The turn of a held run has come. */
export interface Begin extends Pick<Turn, 'conversation' | 'ticket'> {
  /** What it begins with, which it holds; null: nothing. */
  readonly transcript: TranscriptPlace | null
  /** Why the run ends instead; null: it does not. */
  readonly refusal: DispatchError | null
  /** Of the transcript. */
  readonly bytes: number
  readonly tag: string
}

export interface Continued {
  /** An ended dispatch of the account. */
  readonly channel: ChannelId
  /** How many of the messages are its transcript. */
  readonly messages: number
  /** The turns that it took itself. */
  readonly ownTurns: readonly EarlierTurn[]
  /** The messages are only the first of its transcript: they stand in a list of that name, which no other dispatch has. */
  readonly listFor?: string
}

/** The first event of a run's log. */
export function queuedEvent({
  messages,
  turns = [],
  echo,
}: Pick<NewRun, 'messages' | 'turns' | 'echo'>): DispatchQueued {
  return {
    type: 'dispatch-queued',
    messages,
    ...(turns.length > 0 && { turns }),
    ...(echo !== undefined && { echo }),
  }
}

/** `conflict`: the channel has a run with another input. */
export interface Creation {
  readonly outcome: 'created' | 'exists' | 'conflict'
  readonly run: Run
}

export interface ClaimInput {
  readonly wake: number
  /** A random fencing token: only its holder may write. */
  readonly claim: string
  readonly tag: string
  /** How many losses in a row without progress a run survives. The next one ends it as WORKER_LOST. */
  readonly lossLimit: number
}

/**
 * `stale`: there is nothing to do, because the job is not the run's current one or the run has ended. `early`: the run's
 * `notBefore` is still to come by the store's clock, whatever the process thinks that queued it.
 */
export type ClaimReply =
  | { readonly outcome: 'stale' | 'early' }
  | { readonly outcome: 'claimed'; readonly claimed: Claimed }

export interface CancelInput {
  readonly cancellation: Cancellation
  readonly isForced: boolean
  readonly tag: string
}

export interface Claimed {
  readonly attempt: number
  /** How many holders in a row were judged dead since the last progress. */
  readonly losses: number
  readonly request: ConversationRequest
  /** All facts, to `dispatch-started` of this attempt, and what others wrote since if the claim was sent again or is read in pages. */
  readonly facts: readonly LogEntry[]
  /** Partial messages that earlier attempts left. */
  readonly open: readonly string[]
  readonly cancelled: Cancellation | null
}

export interface Append {
  readonly claim: string
  /** Grows by one per append of a claim. The same number again is the same append, sent again. */
  readonly seq: number
  readonly tag: string
  /** Whole units only. An ending is always the last event. */
  readonly events: readonly ChannelEvent[]
  /** The messages that are partial after this append. */
  readonly open: readonly string[]
  /** The usage of the run from now on; absent: unchanged. */
  readonly usage?: Usage
  /**
   * The last fact of others that the writer has read since its last append. The append is fenced if the store has lost it:
   * seq shows only that the writer's own appends are there.
   */
  readonly read?: { readonly offset: number; readonly tag: string }
  /**
   * How many messages were handed to the run as the writer knows it. Given where an iteration begins, or the run completes, in the last
   * unit of the events: if it is another number in the store, nothing is written, and the reply is `news`.
   */
  readonly heard?: number
  /** Calls that can be answered from now on. Their `function-result-awaited` events are among `events`. */
  readonly awaits?: readonly PendingCall[]
}

/**
 * `fenced`: another worker holds the claim, or the store has lost earlier appends. `ended`: the run has ended. `news`: messages were handed
 * to the run that the writer does not know. In all three cases nothing was written.
 */
export type AppendReply =
  | {
      readonly outcome: 'applied'
      readonly last: number
      /** What the run itself has written, in entries and payload bytes; what others publish has a share of its own. */
      readonly own: { readonly entries: number; readonly bytes: number }
      /** Set once somebody has cancelled the run. Its worker must then end it. */
      readonly cancelled: Cancellation | null
      /**
       * The account has stored more than it may, so the run must end. The append was written all the same, as an ending must be.
       * Told at the append that shows it, and again as the log grows.
       */
      readonly isAccountFull: boolean
    }
  | { readonly outcome: 'fenced' | 'ended' | 'news' }

/**
 * The runs, and the only way to write to their channels. Each method is atomic, and idempotent when the same call is sent
 * again. Throws UNAVAILABLE when the store cannot be reached.
 */
export interface RunStore {
  /**
   * Writes the control record, the request, `dispatch-queued`, the entry in the due list and the place in the account's
   * index. Writes nothing when the channel has a run. Throws LIMIT_EXCEEDED when the messages do not fit into a log, or the
   * account has no room.
   */
  create(key: ChannelKey, run: NewRun): Promise<Creation>
  /**
   * Queues a held run with this ticket, and writes `transcript-taken`. Ends it with the refusal, or as LIMIT_EXCEEDED where its messages and the transcript do
   * not fit into a log together. Does nothing to any other run; nor where the store has gone back, and its place is not the first, or the line
   * stands elsewhere, or it does not hold the transcript. Null without a run.
   */
  begin(key: ChannelKey, begin: Begin): Promise<Run | null>
  /** In the order of `keys`; null for a channel without a run. */
  find(keys: readonly ChannelKey[]): Promise<readonly (Run | null)[]>
  /** All facts, oldest first. Empty once the log has been removed. */
  facts(key: ChannelKey): Promise<readonly LogEntry[]>
  /**
   * Makes the caller the run's worker if `wake` is the current one. A queued run starts; a running one is taken over, because
   * its holder has been judged dead. Appends `dispatch-started`.
   */
  claim(key: ChannelKey, input: ClaimInput): Promise<ClaimReply>
  /** Checks claim and seq, writes, counts and publishes. An ending also closes the control record, sets its expiry, and is to be told to endpoints, as each ending is. */
  append(key: ChannelKey, append: Append): Promise<AppendReply>
  /** Set if the holder of the claim must cancel the run. For a worker that has had nothing to append for a while. */
  cancellation(key: ChannelKey, claim: string): Promise<Cancellation | null>
  /**
   * Parks a running run: it waits without a worker, for answers or, with `pause`, for its limits to be raised; then `dispatch-paused` is written
   * in the same step. Endpoints are to be told. `news`: its log holds other facts than the holder has seen, or
   * it must be cancelled. `lost`: another worker holds the claim, or the store has lost the holder's appends.
   */
  park(key: ChannelKey, park: Park): Promise<'parked' | 'news' | 'lost'>
  /**
   * Sets limits of a run that has not ended: writes `limits-raised`. A paused run is queued again under a new wake if what it waits for is
   * allowed now, or if it is not to be paused any more. Null without a run.
   */
  raise(key: ChannelKey, raise: Raise): Promise<RaiseReply | null>
  /** The calls that can be answered, in no particular order. Empty without a run. */
  pending(key: ChannelKey): Promise<readonly PendingCall[]>
  /**
   * The only way to answer a call: removing it from the pending calls decides. Writes the answer's facts. A waiting run is
   * queued again under a new wake when no call is pending any more, a deadline has passed, or `wakes` is set. Only the
   * deadline's own answer is written to a full log or account.
   */
  settle(key: ChannelKey, settlement: Settlement): Promise<SettleReply>
  /**
   * Hands messages to a run that has not ended, whatever it does: writes `messages-added` with those that were not added before. Null
   * without a run.
   */
  add(key: ChannelKey, addition: Addition): Promise<AddReply | null>
  /** Keeps a file for the run's model as long as the log. The same id again changes nothing. Keeps nothing for a worker that has lost its claim. */
  keepFile(key: ChannelKey, claim: string, file: { readonly id: string; readonly content: Uint8Array }): Promise<void>
  /** Null where there is none. */
  file(key: ChannelKey, id: string): Promise<Uint8Array | null>
  /**
   * Ends a queued or waiting run. Marks a running one for its worker, or, if `isForced`, ends it and fences the worker. Leaves
   * an ended run unchanged. Null when there is no run.
   */
  cancel(key: ChannelKey, input: CancelInput): Promise<Run | null>
  /**
   * For a run that has ended: what it shares with others is kept for it no longer than its log. The sweep says so before it
   * forgets a run; until then the store keeps it. Does nothing for a run that has not ended.
   */
  letGo(key: ChannelKey): Promise<void>
  /** Stores the log of a run that has ended in less space, where the engine can. Nobody who reads it sees a difference. */
  compact(key: ChannelKey): Promise<void>
  /**
   * Removes an ended run: its log, its record and all that lies beside them. Whoever watches gets CURSOR_EXPIRED. Does nothing to a run that
   * has not ended.
   * @param createdAt of the run that is meant, in ms: another one of its name stays, and the answer is `absent`. Left out: whichever is there
   */
  remove(key: ChannelKey, createdAt?: number): Promise<Removal>
  /** Gives a running run back to the queue, under the same wake and without counting a loss. False: the claim is lost. */
  release(key: ChannelKey, claim: string): Promise<boolean>
}

/** `absent`: there was none. */
export type Removal = 'removed' | 'not-ended' | 'absent'

export interface Retention {
  /** How long log, facts and request are kept after the ending. */
  readonly logSeconds: number
  /** How long the control record is kept after the ending, as a tombstone. */
  readonly recordSeconds: number
}
