import type { OutcomeCode } from '../kernel/errors.ts'
import type { ChannelId } from '../kernel/ids.ts'
import type { CallError, FunctionCall } from './function.ts'
import type { RaisedLimits, ReachedLimit } from './limits.ts'
import type { Message } from './message.ts'
import type { Usage } from './usage.ts'

/** Facts decide: a worker that takes a run over reads these and nothing else. */
export type Fact =
  | DispatchQueued
  | TranscriptTaken
  | MessagesAdded
  | DispatchStarted
  | IterationStarted
  | MessageCompleted
  | MessageDiscarded
  | IterationFinished
  | FunctionCallRequested
  | FunctionResultAwaited
  | FunctionCallCompleted
  | FunctionCallFailed
  | ChannelMessagePublished
  | AttachmentFailed
  | DispatchPaused
  | LimitsRaised
  | Ending

/** Deltas let a watcher see a message grow. The message's `message-completed` replaces them. */
export type Delta = TextDelta | ReasoningDelta

export type ChannelEvent = Fact | Delta
export type EventType = ChannelEvent['type']
export type EventOf<Type extends EventType> = Extract<ChannelEvent, { readonly type: Type }>

/** Exactly one of these ends a run, and nothing follows it. `usage` is that of the whole run. */
export type Ending = DispatchCompleted | DispatchFailed | DispatchCancelled

export interface DispatchQueued {
  readonly type: 'dispatch-queued'
  /** The transcript of the continued dispatch, if any, then the caller's messages. */
  readonly messages: readonly Message[]
  /** How the transcript's turns go back to their providers; absent where none wants more than messages. Not for clients. */
  readonly turns?: readonly EarlierTurn[]
  /** What the caller's API sends back of what was asked, for the account alone. */
  readonly echo?: Readonly<Record<string, unknown>>
}

/** The dispatch's turn in its conversation has come. What the conversation has said by now comes before the dispatch's own messages. */
export interface TranscriptTaken {
  readonly type: 'transcript-taken'
  readonly messages: readonly Message[]
  /** As those of `dispatch-queued`. Not for clients. */
  readonly turns?: readonly EarlierTurn[]
}

/** Messages that were handed to the run after it had been accepted. The next model call has them. */
export interface MessagesAdded {
  readonly type: 'messages-added'
  readonly messages: readonly Message[]
}

/** A model's turn in a dispatch that this one continues, of which its provider wants more back than messages and calls. */
export interface EarlierTurn {
  /** The part of the model's name before its colon: to another provider these parts mean nothing. */
  readonly provider: string
  /** Texts stand in the transcript's messages, calls in its activities. */
  readonly parts: readonly ProviderPart[]
  /** The provider's own ids of the calls, by ours. */
  readonly providerCallIds: Readonly<Record<string, string>>
}

export interface DispatchStarted {
  readonly type: 'dispatch-started'
  readonly attempt: number
  readonly model: string
}

export interface IterationStarted {
  readonly type: 'iteration-started'
  readonly iteration: number
}

export interface TextDelta {
  readonly type: 'text-delta'
  readonly messageId: string
  /** Where `text` starts in its message, in UTF-16 code units. */
  readonly position: number
  readonly text: string
}

export interface ReasoningDelta {
  readonly type: 'reasoning-delta'
  readonly messageId: string
  /** Where `text` starts in its message, in UTF-16 code units. */
  readonly position: number
  readonly text: string
}

export interface MessageCompleted {
  readonly type: 'message-completed'
  readonly message: Message
}

export interface MessageDiscarded {
  readonly type: 'message-discarded'
  readonly messageId: string
  /** What its iteration had used when its worker handed the run over; the iteration begins anew. Not for clients. */
  readonly usage?: Usage
}

export interface IterationFinished {
  readonly type: 'iteration-finished'
  readonly iteration: number
  /** Why the model stopped: it was done, cut at a token limit, or filtered. */
  readonly finish: 'stop' | 'length' | 'filtered'
  /** What the model or its provider said instead of an answer; present only when it was filtered. */
  readonly refusal?: string
  /** Of this iteration, including failed tries as far as the provider reported them. */
  readonly usage: Usage
  /** Present when the model had to call a certain function: one for the start of the run, or one for its end. */
  readonly forced?: ForcedPhase
  /** The turn as its provider wants it back, in order. Present when that is more than messages and calls. Not for clients. */
  readonly parts?: readonly ProviderPart[]
}

export type ForcedPhase = 'start' | 'end'

/** A part of a model's turn. `messageId` is null for a part without words, such as encrypted reasoning. */
export type ProviderPart =
  | {
      readonly type: 'text' | 'reasoning'
      readonly messageId: string | null
      readonly metadata: ProviderMetadata | null
    }
  | { readonly type: 'call'; readonly callId: string; readonly metadata: ProviderMetadata | null }

/** What a provider wants back with a part that it made, such as signatures and item ids. JSON by provider, stored unchanged. */
export type ProviderMetadata = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/**
 * The model asks for a function. `call.deadline` is null because nobody waits yet. It comes once more, by whoever approves the call, when
 * an ability that needs approval has it; `providerCallId` is empty then.
 */
export interface FunctionCallRequested {
  readonly type: 'function-call-requested'
  readonly call: FunctionCall
  /** The provider's id of the call, which need not be unique. Not for clients. */
  readonly providerCallId: string
  /** Why the call will not be carried out. Not for clients: the failure follows as an event. */
  readonly problem: CallError | null
}

/** From now until its deadline the call can be answered; one of an ability: approved or denied. */
export interface FunctionResultAwaited {
  readonly type: 'function-result-awaited'
  readonly call: FunctionCall
  /** The channel that the answer must be published on; null when it must be submitted. */
  readonly resultChannelId: ChannelId | null
}

export interface FunctionCallCompleted {
  readonly type: 'function-call-completed'
  readonly call: FunctionCall
  readonly data: unknown
}

export interface FunctionCallFailed {
  readonly type: 'function-call-failed'
  readonly call: FunctionCall
  readonly error: CallError
}

/** A message that a client published. It decides nothing by itself. */
export interface ChannelMessagePublished {
  readonly type: 'channel-message-published'
  readonly payload: Readonly<Record<string, unknown>>
}

/** An attachment that could not be fetched. The run goes on without it. */
export interface AttachmentFailed {
  readonly type: 'attachment-failed'
  readonly url: string
  readonly error: CallError
}

/** A limit is used up, and the run waits, without a worker, until it is raised. */
export interface DispatchPaused {
  readonly type: 'dispatch-paused'
  readonly reachedLimit: ReachedLimit
  /** When the run gives up waiting and completes with what it has, in ms since 1970. */
  readonly pausedUntil: number
  /** Of the whole run until then. */
  readonly usage: Usage
}

/** From now on these limits count. A paused run goes on if what it waits for is allowed now. */
export interface LimitsRaised {
  readonly type: 'limits-raised'
  readonly limits: RaisedLimits
  /** What the run is still paused by. Null: it goes on, or was not paused. The store decides. */
  readonly stillReached: ReachedLimit | null
}

/**
 * Why a completed run stopped. `stop`: the model was done. `length`: its output was cut and no continuation was left.
 * `activity`: it called a function that its caller carries out. `abort`: an answer asked to abort. `iteration`, `calls`,
 * `tokens`, `cost`: a limit was reached. `loop`: it repeated itself.
 */
export type FinishReason = 'stop' | 'length' | 'activity' | 'abort' | 'iteration' | 'calls' | 'loop' | 'tokens' | 'cost'

export interface DispatchResult {
  readonly text: string
  readonly finishReason: FinishReason
}

export interface DispatchError {
  readonly code: OutcomeCode
  readonly message: string
}

export interface DispatchCompleted {
  readonly type: 'dispatch-completed'
  readonly result: DispatchResult
  readonly usage: Usage
}

export interface DispatchFailed {
  readonly type: 'dispatch-failed'
  readonly error: DispatchError
  readonly usage: Usage
}

export interface DispatchCancelled {
  readonly type: 'dispatch-cancelled'
  /** The reason that the caller gave, if any. */
  readonly reason: string | null
  readonly usage: Usage
}

/** An event and the time at which its engine wrote it, in ms since 1970. */
export interface Recorded<Event extends ChannelEvent = ChannelEvent> {
  readonly at: number
  readonly event: Event
}
