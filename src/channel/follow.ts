import { isDelta, isEnding } from '../conversation/event-traits.ts'
import type { ChannelKey } from '../kernel/ids.ts'
import type { Tell } from '../kernel/news.ts'
import { abortableIterator } from './abortable-iterator.ts'
import type { ChannelLog, LogEntry, LogPage, PageLimits, Publication, WatchSignal } from './channel.ts'
import { createHeadCheck, type HeadCheckOptions } from './head-check.ts'
import { joinDeltas } from './join-deltas.ts'
import type { Position } from './position.ts'
import { createTail, type Tail } from './tail.ts'

/** Where to begin: after a position, with the newest `last` log entries, or at the beginning of the log. */
export type FollowStart =
  | { readonly after: Position; readonly last?: never }
  | { readonly after?: never; readonly last: number }
  | { readonly after?: never; readonly last?: never }

/** One or more entries in order, after all earlier batches, and the position of the last one. */
export interface Batch {
  readonly entries: readonly LogEntry[]
  readonly position: Position
}

/**
 * Takes a batch on the spot, for a reader who waits for it; the reader then goes on after it. All readers whom a publication
 * suits get the same batch, so that they can share what they make of it. False: not now; the reader pulls it instead.
 */
export type TakeAtOnce = (batch: Batch) => boolean

export interface Follower {
  /**
   * Yields everything after `start`, then what is appended later, in order, without a gap or a repeat. Ends after the ending.
   * Waits for a channel without a log. Throws CURSOR_EXPIRED when the log no longer continues what the reader has. `return()`
   * ends it at once, also while `next()` is waiting. What is published while `next()` is waiting goes to `takeAtOnce` first.
   */
  follow(key: ChannelKey, start: FollowStart, takeAtOnce?: TakeAtOnce): AsyncIterableIterator<Batch>
  close(): void
}

export interface FollowerOptions extends HeadCheckOptions {
  /** Told of readers and of what they get. It is in the path of every event, so it must be quick. */
  readonly tell?: Tell
}

/** Of a read whose whole result is used at once. */
export const pageLimits: PageLimits = { maxEntries: null, maxBytes: 256 * 1024 }

/**
 * What a follower reads, or takes of what was published, at once. A reader that does not read holds it: so much of its own, and
 * one tail, whose publications all readers share (see `tailLimits`).
 */
const batchLimits: PageLimits = { maxEntries: null, maxBytes: 32 * 1024 }

/**
 * Replay, then live, for every reader. The order leaves no gap: watch first, then read, then yield what was published
 * meanwhile. A publication counts only when it continues exactly at the reader's place. After anything else (a gap, an
 * overflow, an interruption, a head that has moved on unseen) the log is read again from the reader's place, and the log
 * compares the tag there. So pub/sub only adds speed, and a log that has gone back is noticed.
 */
export function createFollower(log: ChannelLog, options: FollowerOptions): Follower {
  const headCheck = createHeadCheck(log, options)
  const tell = options.tell ?? (() => {})

  const batchOf = createSharedBatches()

  async function* run(
    key: ChannelKey,
    { start, takeAtOnce = () => false }: Reading,
    signal: AbortSignal,
  ): AsyncGenerator<Batch, void> {
    const tail = createTail()
    const reader: Reader = { position: null, isWaiting: false, hasEnded: false }
    /** Whether the reader has taken it on the spot. */
    const isTaken = (publication: WatchSignal): boolean => {
      if (!reader.isWaiting || reader.hasEnded || signal.aborted || !tail.isEmpty()) return false
      if (publication === 'interrupted' || publication.entries === null) return false
      if (!goesOn(publication, reader.position ?? beginningOf(publication))) return false
      const batch = batchOf(publication)
      if (!takeAtOnce(batch)) return false
      reader.position = batch.position
      tell({ type: 'delivered', events: batch.entries.length })
      reader.hasEnded = endsRun(batch)
      if (reader.hasEnded) tail.wake()
      return true
    }
    const hear = (publication: WatchSignal) => {
      if (!isTaken(publication)) tail.accept(publication)
    }
    const unwatch = await log.watch(key, hear)
    /** Why the log is read; null once that has been told. */
    let why: 'start' | 'gap' | null = 'start'
    const leave = headCheck.join(key, { position: () => reader.position, fallBehind: tail.fallBehind })
    tell({ type: 'reader-came' })
    try {
      reader.position = await startPosition(log, key, start)
      while (!signal.aborted) {
        tail.reset()
        const page = await log.read(key, reader.position, batchLimits)
        if (page !== null) {
          const batch = fromPage(page, reader.position)
          const { offset } = batch.position
          reader.position = batch.position
          if (batch.entries.length > 0) {
            if (why !== null) tell({ type: 'replayed', why })
            why = null
            tell({ type: 'delivered', events: batch.entries.length })
            yield batch
          }
          if (page.isClosed && offset === page.last) return
          if (offset < page.last) continue
        }

        while (!signal.aborted) {
          const live = takeLive(tail, reader.position)
          if (live !== null) {
            reader.position = live.position
            tell({ type: 'delivered', events: live.entries.length })
            yield live
            if (endsRun(live)) return
          } else if (tail.isBehind()) {
            why = reader.position === null ? 'start' : 'gap'
            break
          } else {
            reader.isWaiting = true
            await tail.changed(signal)
            reader.isWaiting = false
            if (reader.hasEnded) return
          }
        }
      }
    } finally {
      leave()
      unwatch()
      tell({ type: 'reader-went' })
    }
  }

  return {
    follow: (key, start, takeAtOnce) =>
      abortableIterator((signal) => run(key, takeAtOnce === undefined ? { start } : { start, takeAtOnce }, signal)),
    close: headCheck.close,
  }
}

interface Reading {
  readonly start: FollowStart
  readonly takeAtOnce?: TakeAtOnce
}

interface Reader {
  /** Of what it has; null: it has nothing, as the channel has no log. */
  position: Position | null
  /** It has taken all that it was given, and waits for more. */
  isWaiting: boolean
  hasEnded: boolean
}

/** One batch for each publication, while somebody holds it. */
function createSharedBatches(): (publication: Publication) => Batch {
  const batches = new WeakMap<Publication, Batch>()
  return (publication) => {
    const { epoch, last: offset, tag, entries } = publication
    const batch = batches.get(publication) ?? { entries: joinDeltas(entries ?? []), position: { epoch, offset, tag } }
    batches.set(publication, batch)
    return batch
  }
}

async function startPosition(log: ChannelLog, key: ChannelKey, start: FollowStart): Promise<Position | null> {
  if (start.after !== undefined) return start.after
  if (start.last === undefined) return null
  const [head] = await log.heads([key])
  if (head == null) return null
  if (start.last === 0) return { epoch: head.epoch, offset: head.last, tag: head.lastTag }
  return { epoch: head.epoch, offset: Math.max(0, head.last - start.last), tag: '' }
}

function fromPage(page: LogPage, from: Position | null): Batch {
  const end = page.entries.at(-1)
  const position = end ?? { offset: from?.offset ?? 0, tag: from?.tag ?? '' }
  return { entries: page.entries, position: { epoch: page.epoch, offset: position.offset, tag: position.tag } }
}

/**
 * What is in the tail and continues `from`, up to a batch, with deltas joined. Null when there is nothing, or when the tail does not
 * continue there; it is then behind.
 */
function takeLive(tail: Tail, from: Position | null): Batch | null {
  let position = from
  const entries: LogEntry[] = []
  let copied = 0
  while (copied < batchLimits.maxBytes) {
    const publication = tail.shift()
    if (publication === undefined) break
    const before = position ?? beginningOf(publication)
    if (isOld(publication, before)) continue
    if (publication.entries === null || !goesOn(publication, before)) {
      tail.fallBehind()
      break
    }
    entries.push(...publication.entries)
    // Joining copies the texts of deltas; a fact stays the one that all readers share.
    for (const { event } of publication.entries) if (isDelta(event)) copied += event.text.length
    position = { epoch: before.epoch, offset: publication.last, tag: publication.tag }
  }
  return position === null || entries.length === 0 ? null : { entries: joinDeltas(entries), position }
}

/** Where a reader stands who has nothing, because there was no log: only the first publication of a log goes on there. */
function beginningOf({ epoch }: Publication): Position {
  return { epoch, offset: 0, tag: '' }
}

/** Whether the publication has been read already. At the reader's own offset, another tag means that the log has gone back. */
function isOld(publication: Publication, { epoch, offset, tag }: Position): boolean {
  if (publication.epoch !== epoch || publication.last > offset) return false
  return publication.last < offset || tag === '' || publication.tag === tag
}

function goesOn(publication: Publication, { epoch, offset, tag }: Position): boolean {
  return (
    publication.epoch === epoch && publication.first === offset + 1 && (tag === '' || publication.previousTag === tag)
  )
}

function endsRun(batch: Batch): boolean {
  const last = batch.entries.at(-1)
  return last !== undefined && isEnding(last.event)
}
