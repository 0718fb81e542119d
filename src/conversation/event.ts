import type { OutcomeCode } from '../kernel/errors.ts'
import type { ChannelId } from '../kernel/ids.ts'
import type { CallError, FunctionCall } from './function.ts'
import type { Message } from './message.ts'
import type { Usage } from './usage.ts'

/** What decides: a worker that takes a run over reads these and nothing else. */
export type Fact =
  | DispatchQueued
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
  | Ending

/** What only lets a watcher see a message grow; its `message-completed` sums it up. */
export type Delta = TextDelta | ReasoningDelta

export type ChannelEvent = Fact | Delta
export type EventType = ChannelEvent['type']
export type EventOf<Type extends EventType> = Extract<ChannelEvent, { readonly type: Type }>

/** One of these ends a run and nothing follows it; `usage` is the whole run's. */
export type Ending = DispatchCompleted | DispatchFailed | DispatchCancelled

export interface DispatchQueued {
  readonly type: 'dispatch-queued'
  /** The transcript that the dispatch continues, if any, then the caller's messages. */
  readonly messages: readonly Message[]
  /** How the transcript's turns go back to their providers; absent where none wants more than messages. Not for clients. */
  readonly turns?: readonly EarlierTurn[]
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
}

export interface IterationFinished {
  readonly type: 'iteration-finished'
  readonly iteration: number
  /** Why the model fell silent: it was done, cut at a token limit, or filtered. */
  readonly finish: 'stop' | 'length' | 'filtered'
  /** What the model, or its provider, said instead of an answer; only where it was filtered. */
  readonly refusal?: string
  /** This iteration's own, failed tries included as far as the provider told. */
  readonly usage: Usage
  /** Present when the model was to call a certain function: one of those for the start of the run, or for its end. */
  readonly forced?: ForcedPhase
  /** The model's turn as its provider wants it back, in order; present where it wants more than messages and calls. Not for clients. */
  readonly parts?: readonly ProviderPart[]
}

export type ForcedPhase = 'start' | 'end'

/** A part of a model's turn. `messageId` is null for one without words, such as reasoning that is encrypted. */
export type ProviderPart =
  | {
      readonly type: 'text' | 'reasoning'
      readonly messageId: string | null
      readonly metadata: ProviderMetadata | null
    }
  | { readonly type: 'call'; readonly callId: string; readonly metadata: ProviderMetadata | null }

/** What a provider wants back with a part that it made: signatures, item ids. JSON, by provider; kept as it came. */
export type ProviderMetadata = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** The model asks for a function. `call.deadline` is null: nobody waits yet. */
export interface FunctionCallRequested {
  readonly type: 'function-call-requested'
  readonly call: FunctionCall
  /** The provider's own id, which may repeat. Not for clients. */
  readonly providerCallId: string
  /** Why it will not be carried out. Not for clients: the failure follows. */
  readonly problem: CallError | null
}

/** From here on the call can be answered, until its deadline. */
export interface FunctionResultAwaited {
  readonly type: 'function-result-awaited'
  readonly call: FunctionCall
  /** Where the answer is to be published; null when it is to be submitted. */
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

/** A message of somebody's own. It decides nothing. */
export interface ChannelMessagePublished {
  readonly type: 'channel-message-published'
  readonly payload: Readonly<Record<string, unknown>>
}

/** An attachment that could not be had; the run goes on without it. */
export interface AttachmentFailed {
  readonly type: 'attachment-failed'
  readonly url: string
  readonly error: CallError
}

/**
 * Why a completed run stopped: the model was done, its output was cut and continuations were used up, a function without
 * a result was called, an answer asked to abort, or a limit was reached: of iterations, of calls, of repetition.
 */
export type FinishReason = 'stop' | 'length' | 'activity' | 'abort' | 'iteration' | 'calls' | 'loop'

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
  /** The caller's words, if any. */
  readonly reason: string | null
  readonly usage: Usage
}

/** An event and the time its engine wrote it down, in ms since 1970. */
export interface Recorded<Event extends ChannelEvent = ChannelEvent> {
  readonly at: number
  readonly event: Event
}
