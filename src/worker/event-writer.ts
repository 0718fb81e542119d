import type { LogEntry } from '../channel/channel.ts'
import { longestJoinedDelta } from '../channel/join-deltas.ts'
import type { Cancellation } from '../conversation/decide.ts'
import type { ChannelEvent, Delta, Fact } from '../conversation/event.ts'
import { isDelta } from '../conversation/event-traits.ts'
import type { Usage } from '../conversation/usage.ts'
import type { PendingCall } from '../dispatch/pending-call.ts'
import type { Append, AppendReply } from '../dispatch/run-store.ts'

/** The claim is another's, or the run has ended without us: whatever this worker was doing is of no more use. */
export class ClaimLost extends Error {
  constructor() {
    super('The run is not this worker’s any more.')
    this.name = 'ClaimLost'
  }
}

export interface LogLimits {
  readonly maxEntries: number
  /** Payload bytes. */
  readonly maxBytes: number
}

export interface EventWriterOptions {
  readonly claim: string
  /** Messages that earlier attempts left half said. */
  readonly open: readonly string[]
  /** Of the last fact that the claim came with. */
  readonly lastTag: string
  readonly cancelled: Cancellation | null
  readonly append: (append: Append) => Promise<AppendReply>
  readonly tag: () => string
  readonly limits: LogLimits
}

export interface EventWriter {
  /** Queues a delta. Deltas that wait are joined, so a slow store makes fewer and larger entries. */
  delta(delta: Delta): void
  /** Queues a whole unit: all of it becomes visible at once. `usage` is the run's from then on. */
  unit(facts: readonly Fact[], usage?: Usage): void
  /** The next append goes on from this fact, which others wrote. */
  hasRead(fact: LogEntry): void
  /** Fulfilled when all that was queued is in the log. Rejects with ClaimLost, or with the store's own error. */
  flushed(): Promise<void>
  /** Null while there is room; else fulfilled when there is, so that a fast model waits for a slow store. */
  room(): Promise<void> | null
  /** How far the log is known: appends applied, and the tag of the last fact written or read. */
  readonly known: { readonly seq: number; readonly lastTag: string }
  /** Messages with deltas queued or written, but no end. */
  readonly open: readonly string[]
  /** Aborted when nothing more can be written: the claim was lost or the store failed; `flushed` tells which. */
  readonly stopped: AbortSignal
  /** Aborted once somebody wants the run cancelled; `cancellation` tells more. */
  readonly cancelled: AbortSignal
  readonly cancellation: Cancellation | null
  /** For news that came another way than with an append. */
  cancel(cancellation: Cancellation): void
  /** Aborted when the log has reached its limit: only the ending is to follow. */
  readonly full: AbortSignal
}

/** Characters that may wait for the append in flight. */
const waitingRoom = 1_000_000

/**
 * Writes a run's events in their order, one append in flight: what comes meanwhile goes in the next, all of it, so no
 * timer delays a token and no unit is split. A failed append is not repeated here: the store's connection sends it
 * again under its seq until there is a reply.
 */
export function createEventWriter(options: EventWriterOptions): EventWriter {
  const { claim, append, tag, limits } = options
  const openIds = new Set(options.open)
  const stop = new AbortController()
  const full = new AbortController()
  const cancelled = new AbortController()
  let cancellation: Cancellation | null = null
  let waiting: ChannelEvent[] = []
  let waitingLength = 0
  let waitingUsage: Usage | undefined
  let seq = 0
  let read: LogEntry | null = null
  let lastTag = options.lastTag
  let failure: { readonly error: unknown } | null = null
  let current: Promise<void> | null = null

  const cancel = (wish: Cancellation) => {
    cancellation ??= wish
    cancelled.abort()
  }
  if (options.cancelled !== null) cancel(options.cancelled)

  const send = async () => {
    while (waiting.length > 0 && failure === null) {
      const events = waiting
      const usage = waitingUsage
      waiting = []
      waitingLength = 0
      waitingUsage = undefined
      seq += 1
      const awaits = awaitedIn(events)
      const lastRead = read
      read = null
      const ownTag = tag()
      const reply = await append({
        claim,
        seq,
        tag: ownTag,
        events,
        open: [...openIds],
        ...(usage === undefined ? {} : { usage }),
        ...(lastRead === null ? {} : { read: { offset: lastRead.offset, tag: lastRead.tag } }),
        ...(awaits.length === 0 ? {} : { awaits }),
      })
      if (reply.outcome !== 'applied') throw new ClaimLost()
      if (!events.every(isDelta)) lastTag = ownTag
      if (reply.cancelled !== null) cancel(reply.cancelled)
      if (reply.last >= limits.maxEntries || reply.bytes >= limits.maxBytes) full.abort()
    }
  }
  const start = () => {
    current ??= Promise.resolve()
      .then(send)
      .catch((error: unknown) => {
        failure = { error }
        stop.abort()
      })
      .finally(() => {
        current = null
        if (waiting.length > 0 && failure === null) start()
      })
  }
  const flushed = async () => {
    while (current !== null) await current
    if (failure !== null) throw failure.error
  }

  return {
    delta(delta) {
      openIds.add(delta.messageId)
      waitingLength += delta.text.length
      const last = waiting.at(-1)
      const joined = last === undefined ? null : joinPair(last, delta)
      if (joined === null) waiting.push(delta)
      else waiting[waiting.length - 1] = joined
      start()
    },
    unit(facts, usage) {
      for (const fact of facts) {
        if (fact.type === 'message-completed') openIds.delete(fact.message.id)
        if (fact.type === 'message-discarded') openIds.delete(fact.messageId)
      }
      waiting.push(...facts)
      if (usage !== undefined) waitingUsage = usage
      start()
    },
    hasRead(fact) {
      read = fact
      lastTag = fact.tag
    },
    flushed,
    room: () => (waitingLength < waitingRoom ? null : flushed()),
    get known() {
      return { seq, lastTag }
    },
    get open() {
      return [...openIds]
    },
    stopped: stop.signal,
    full: full.signal,
    cancelled: cancelled.signal,
    get cancellation() {
      return cancellation
    },
    cancel,
  }
}

/** The calls that can be answered once these events are written. */
function awaitedIn(events: readonly ChannelEvent[]): readonly PendingCall[] {
  return events.flatMap((event) =>
    event.type === 'function-result-awaited' ? [{ call: event.call, resultChannelId: event.resultChannelId }] : [],
  )
}

function joinPair(last: ChannelEvent, next: Delta): Delta | null {
  if (!isDelta(last) || last.type !== next.type || last.messageId !== next.messageId) return null
  if (last.position + last.text.length !== next.position) return null
  return last.text.length + next.text.length > longestJoinedDelta ? null : { ...last, text: last.text + next.text }
}
