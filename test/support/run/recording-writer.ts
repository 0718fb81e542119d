import type { Cancellation } from '../../../src/conversation/decide.ts'
import type { ChannelEvent, Delta } from '../../../src/conversation/event.ts'
import type { EventWriter } from '../../../src/worker/event-writer.ts'

export interface RecordingWriter extends EventWriter {
  /** Everything that was written, in order. */
  readonly events: readonly ChannelEvent[]
  readonly deltas: readonly Delta[]
}

/** A writer that keeps what it is given, for tests without a store. */
export function createRecordingWriter(): RecordingWriter {
  const events: ChannelEvent[] = []
  const open = new Set<string>()
  const cancelled = new AbortController()
  let cancellation: Cancellation | null = null
  return {
    events,
    get deltas() {
      return events.filter((event) => event.type === 'text-delta' || event.type === 'reasoning-delta')
    },
    delta(delta) {
      open.add(delta.messageId)
      events.push(delta)
    },
    unit(facts) {
      for (const fact of facts) {
        if (fact.type === 'message-completed') open.delete(fact.message.id)
        if (fact.type === 'message-discarded') open.delete(fact.messageId)
      }
      events.push(...facts)
    },
    async unitIfHeard(facts) {
      events.push(...facts)
      return true
    },
    hasRead: () => {},
    flushed: async () => {},
    room: () => null,
    known: { seq: 0, lastTag: '' },
    get open() {
      return [...open]
    },
    stopped: new AbortController().signal,
    full: new AbortController().signal,
    cancelled: cancelled.signal,
    get cancellation() {
      return cancellation
    },
    cancel(wish) {
      cancellation = wish
      cancelled.abort()
    },
  }
}
