import type { OutcomeCode } from '../errors.ts'
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
  | Ending

/** What only lets a watcher see a message grow; its `message-completed` sums it up. */
export type Delta = TextDelta | ReasoningDelta

export type ChannelEvent = Fact | Delta
export type EventType = ChannelEvent['type']

/** One of these ends a run and nothing follows it; `usage` is the whole run's. */
export type Ending = DispatchCompleted | DispatchFailed | DispatchCancelled

export interface DispatchQueued {
  readonly type: 'dispatch-queued'
  /** The transcript that the dispatch continues, if any, then the caller's messages. */
  readonly messages: readonly Message[]
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
  /** This iteration's own, failed tries included as far as the provider told. */
  readonly usage: Usage
  /** The model's turn as its provider wants it back, in order; present where it wants more than the messages. Not for clients. */
  readonly parts?: readonly ProviderPart[]
}

/** A part of a model's turn. `messageId` is null for one without words, such as reasoning that is encrypted. */
export interface ProviderPart {
  readonly type: 'text' | 'reasoning'
  readonly messageId: string | null
  readonly metadata: ProviderMetadata | null
}

/** What a provider wants back with a part that it made: signatures, item ids. JSON, by provider; kept as it came. */
export type ProviderMetadata = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** Why a completed run stopped. The reasons that calls bring come with functions. */
export type FinishReason = 'stop' | 'length' | 'iteration'

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

type Trait = 'delta' | 'step' | 'progress' | 'ending'

/**
 * What each event means for the run: a `delta` decides nothing, a `step` is a fact without a result, `progress` is a
 * result that a take-over will not have to fetch again (it resets the loss budget), an `ending` ends.
 */
const traits: Record<EventType, Trait> = {
  'dispatch-queued': 'step',
  'dispatch-started': 'step',
  'iteration-started': 'step',
  'text-delta': 'delta',
  'reasoning-delta': 'delta',
  'message-completed': 'progress',
  'message-discarded': 'step',
  'iteration-finished': 'progress',
  'dispatch-completed': 'ending',
  'dispatch-failed': 'ending',
  'dispatch-cancelled': 'ending',
}

export function isDeltaType(type: EventType): boolean {
  return traits[type] === 'delta'
}

export function isEndingType(type: EventType): boolean {
  return traits[type] === 'ending'
}

export function isDelta(event: ChannelEvent): event is Delta {
  return isDeltaType(event.type)
}

export function isEnding(event: ChannelEvent): event is Ending {
  return isEndingType(event.type)
}

export function isProgress(event: ChannelEvent): boolean {
  return traits[event.type] === 'progress'
}
