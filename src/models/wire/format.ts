import type { ModelFinish, ModelUsage } from '../model.ts'
import type { AnswerRoom } from './answer-room.ts'
import type { EndReading } from './ends.ts'

/**
 * The four readings of one event. `answer` goes to the adapter, in the form that the adapter expects. `error` is judged
 * by its code. `unreadable` should be part of an answer and makes no sense. `new` is ignored, as every provider asks of its
 * clients.
 */
export type EventReading =
  | { readonly kind: 'answer'; readonly events: readonly object[] }
  | { readonly kind: 'error'; readonly told: unknown }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'new' }

/** Reads one answer, event by event. */
export interface WireReader {
  /** `name` is the event's own, if it has one. After an error, the rest is read only for its usage. */
  read(value: unknown, name: string | undefined): EventReading
  /** Reports `[DONE]`. Nothing comes after it. */
  done(): void
  /** How the answer ended, as far as it has been read. Null: it has not ended, or it broke off. */
  readonly end: { readonly said: string; readonly read: EndReading } | null
  /** What the adapter must still get of an answer that ended this way. */
  finish(finish: ModelFinish): EventReading
  /** As far as the provider told. */
  readonly usage: ModelUsage | null
  /** The refusal; empty if there is none. */
  readonly refusal: string
  /** True after the last event. */
  readonly isOver: boolean
}

/** A protocol that providers speak. */
export interface WireFormat {
  createReader(room: AnswerRoom): WireReader
}

export const passedOver: EventReading = { kind: 'new' }

export const unreadable: EventReading = { kind: 'unreadable' }

export function answer(...events: readonly object[]): EventReading {
  return events.length === 0 ? passedOver : { kind: 'answer', events }
}
