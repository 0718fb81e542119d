import type { ChannelEvent, Delta, Ending, EventType } from './event.ts'
import type { ByEventType } from './event-table.ts'

export interface EventTraits {
  /**
   * What the event means for the run: a `delta` decides nothing, a `step` is a fact without a result, `progress` is a result
   * that a take-over need not produce again (it resets the loss budget), an `ending` ends the run.
   */
  readonly role: 'delta' | 'step' | 'progress' | 'ending'
  /**
   * What the holder of a token sees of it: `whole`; `filtered`, without what is for the model alone
   * (end-user-view.ts says how); or `hidden`, nothing.
   */
  readonly visibility: 'whole' | 'filtered' | 'hidden'
}

const eventTraits = {
  'dispatch-queued': { role: 'step', visibility: 'filtered' },
  'transcript-taken': { role: 'step', visibility: 'filtered' },
  'messages-added': { role: 'step', visibility: 'filtered' },
  'dispatch-started': { role: 'step', visibility: 'whole' },
  'iteration-started': { role: 'step', visibility: 'whole' },
  'text-delta': { role: 'delta', visibility: 'whole' },
  'reasoning-delta': { role: 'delta', visibility: 'whole' },
  'message-completed': { role: 'progress', visibility: 'filtered' },
  'message-discarded': { role: 'step', visibility: 'whole' },
  'iteration-finished': { role: 'progress', visibility: 'whole' },
  'function-call-requested': { role: 'step', visibility: 'whole' },
  'function-result-awaited': { role: 'step', visibility: 'whole' },
  'function-call-completed': { role: 'progress', visibility: 'whole' },
  'function-call-failed': { role: 'progress', visibility: 'whole' },
  'channel-message-published': { role: 'step', visibility: 'whole' },
  'attachment-failed': { role: 'step', visibility: 'whole' },
  'dispatch-paused': { role: 'step', visibility: 'whole' },
  'limits-raised': { role: 'step', visibility: 'whole' },
  'dispatch-completed': { role: 'ending', visibility: 'whole' },
  'dispatch-failed': { role: 'ending', visibility: 'whole' },
  'dispatch-cancelled': { role: 'ending', visibility: 'whole' },
} as const satisfies ByEventType<EventTraits>

/** The kinds whose visibility is `filtered`. */
export type FilteredType = {
  [Type in EventType]: (typeof eventTraits)[Type]['visibility'] extends 'filtered' ? Type : never
}[EventType]

/** Null for a kind that this release does not know. */
export function visibilityOf(type: EventType): EventTraits['visibility'] | null {
  return Object.hasOwn(eventTraits, type) ? eventTraits[type].visibility : null
}

export function isDeltaType(type: EventType): type is Delta['type'] {
  return roleOf(type) === 'delta'
}

export function isEndingType(type: EventType): boolean {
  return roleOf(type) === 'ending'
}

export function isDelta(event: ChannelEvent): event is Delta {
  return roleOf(event.type) === 'delta'
}

export function isEnding(event: ChannelEvent): event is Ending {
  return roleOf(event.type) === 'ending'
}

export function isProgress(event: ChannelEvent): boolean {
  return roleOf(event.type) === 'progress'
}

/** Undefined for a kind that this release does not know. */
function roleOf(type: EventType): EventTraits['role'] | undefined {
  return (eventTraits as Partial<ByEventType<EventTraits>>)[type]?.role
}
