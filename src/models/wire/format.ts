import type { ModelFinish, ModelUsage } from '../model.ts'
import type { EndReading } from './ends.ts'

/**
 * How one event of a provider's is read. There is no fifth way: `answer` goes to the adapter, in the form that it
 * expects; `error` is judged by its code; `unreadable` is what should be part of an answer and makes no sense; `new` is
 * passed over, as every provider asks of its clients.
 */
export type EventReading =
  | { readonly kind: 'answer'; readonly events: readonly object[] }
  | { readonly kind: 'error'; readonly told: unknown }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'new' }

/** Reads one answer, event by event. */
export interface WireReader {
  /** `name` is the event's own, where it has one. After an error, what comes is read for its usage alone. */
  read(value: unknown, name: string | undefined): EventReading
  /** Told of `[DONE]`, behind which nothing comes. */
  done(): void
  /** How the answer ended, as far as it has been read. Null: it goes on, or broke off. */
  readonly end: { readonly said: string; readonly read: EndReading } | null
  /** What the adapter is still to get of an answer that ended so. */
  finish(finish: ModelFinish): EventReading
  /** As far as the provider told. */
  readonly usage: ModelUsage | null
  /** What was said instead of an answer; empty where nothing was. */
  readonly refusal: string
  /** Nothing comes behind the last event. */
  readonly isOver: boolean
}

/** A protocol that providers speak. */
export interface WireFormat {
  createReader(): WireReader
}

export const passedOver: EventReading = { kind: 'new' }

export const unreadable: EventReading = { kind: 'unreadable' }

export function answer(...events: readonly object[]): EventReading {
  return events.length === 0 ? passedOver : { kind: 'answer', events }
}
