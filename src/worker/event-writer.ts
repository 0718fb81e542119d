import type { LogEntry } from '../channel/channel.ts'
import { longestJoinedDelta } from '../channel/join-deltas.ts'
import type { Cancellation } from '../conversation/decide.ts'
import type { ChannelEvent, Delta, Fact } from '../conversation/event.ts'
import { isDelta } from '../conversation/event-traits.ts'
import type { Usage } from '../conversation/usage.ts'
import type { LogLimits } from '../dispatch/limits/stored-bytes.ts'
import type { PendingCall } from '../dispatch/pending-call.ts'
import type { Append, AppendReply } from '../dispatch/run-store.ts'

/** Another worker holds the claim, or the run has ended without this worker, which must drop the run. */
export class ClaimLost extends Error {
  constructor() {
    super('The run is not this worker’s any more.')
    this.name = 'ClaimLost'
  }
}

export interface EventWriterOptions {
  readonly claim: string
  /** Partial messages that earlier attempts left. */
  readonly open: readonly string[]
  /**
   * The last fact that the claim came with; null: none. Others may have written it after the claim: a claim that is repeated
   * after a lost reply, or read in pages, brings what came between.
   */
  readonly lastFact: LogEntry | null
  readonly cancelled: Cancellation | null
  readonly append: (append: Append) => Promise<AppendReply>
  readonly tag: () => string
  readonly limits: LogLimits
}

export interface EventWriter {
  /** Queues a delta. Queued deltas are joined, so a slow store gets fewer and larger entries. */
  delta(delta: Delta): void
  /** Queues a whole unit, all of which becomes visible at once. `usage` is the run's usage from then on. */
  unit(facts: readonly Fact[], usage?: Usage): void
  /**
   * Queues a unit that holds only if the run has been handed no more messages than so many, and waits for the answer. False: it was handed
   * others, and the unit was not written. Nothing else is queued meanwhile. Rejects as `flushed` does.
   */
  unitIfHeard(facts: readonly Fact[], heard: number, usage?: Usage): Promise<boolean>
  /** Tells the writer that the last known fact is this one, which others wrote. */
  hasRead(fact: LogEntry): void
  /** Fulfilled when everything queued is in the log. Rejects with ClaimLost, or with the store's error. */
  flushed(): Promise<void>
  /** Null while there is room. Otherwise a promise to await, so that a fast model waits for a slow store. */
  room(): Promise<void> | null
  /** How many appends were applied, and the tag of the last fact written or read. */
  readonly known: { readonly seq: number; readonly lastTag: string }
  /** Partial messages: they have deltas, but are neither completed nor discarded. */
  readonly open: readonly string[]
  /** Aborted when nothing more can be written: the claim was lost or the store failed. `flushed` rejects with which. */
  readonly stopped: AbortSignal
  /** Aborted once somebody has cancelled the run. `cancellation` has the reason. */
  readonly cancelled: AbortSignal
  readonly cancellation: Cancellation | null
  /** For a cancellation that did not come with the reply to an append. */
  cancel(cancellation: Cancellation): void
  /** Aborted when the log, or all that the account has stored, has reached its limit; the reason says which. Only the ending may follow. */
  readonly full: AbortSignal
}

/** Events that are queued, and the usage of the run from then on. */
interface Waiting {
  readonly events: readonly ChannelEvent[]
  readonly usage: Usage | undefined
}

export type FullReason = 'log' | 'account'

/** How many characters may be queued while an append is in flight. */
const waitingRoom = 1_000_000

/**
 * Writes a run's events in order, with one append in flight. Everything that comes meanwhile goes into the next append, so no
 * timer delays a token and no unit is split. A failed append is not repeated here: the store's connection sends it again,
 * under its seq, until there is a reply.
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
  /** What is left of the queue if the run was handed other messages. */
  let condition: { readonly heard: number; readonly before: Waiting } | null = null
  let isNews = false
  let seq = 0
  let read = options.lastFact
  let lastTag = options.lastFact?.tag ?? ''
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
      const asked = condition
      condition = null
      const awaits = awaitedIn(events)
      const lastRead = read
      const ownTag = tag()
      const reply = await append({
        claim,
        seq: seq + 1,
        tag: ownTag,
        events,
        open: [...openIds],
        ...(usage === undefined ? {} : { usage }),
        ...(lastRead === null ? {} : { read: { offset: lastRead.offset, tag: lastRead.tag } }),
        ...(asked === null ? {} : { heard: asked.heard }),
        ...(awaits.length === 0 ? {} : { awaits }),
      })
      if (reply.outcome === 'news' && asked !== null) {
        // Nothing was written, so what came before the unit goes again under the same number.
        isNews = true
        waiting = [...asked.before.events]
        waitingUsage = asked.before.usage
        continue
      }
      if (reply.outcome !== 'applied') throw new ClaimLost()
      seq += 1
      if (read === lastRead) read = null
      if (!events.every(isDelta)) lastTag = ownTag
      if (reply.cancelled !== null) cancel(reply.cancelled)
      const { entries, bytes } = reply.own
      if (entries >= limits.maxEntries || bytes >= limits.maxBytes) full.abort('log' satisfies FullReason)
      else if (reply.isAccountFull) full.abort('account' satisfies FullReason)
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
    async unitIfHeard(facts, heard, usage) {
      condition = { heard, before: { events: waiting, usage: waitingUsage } }
      waiting = [...waiting, ...facts]
      if (usage !== undefined) waitingUsage = usage
      isNews = false
      start()
      await flushed()
      return !isNews
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
