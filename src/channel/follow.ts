import { isDelta, isEnding } from '../conversation/event-traits.ts'
import type { ChannelKey } from '../kernel/ids.ts'
import type { Tell } from '../kernel/news.ts'
import { abortableIterator } from './abortable-iterator.ts'
import type { ChannelLog, LogEntry, LogPage, PageLimits, Publication } from './channel.ts'
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

export interface Follower {
  /**
   * Yields everything after `start`, then what is appended later, in order, without a gap or a repeat. Ends after the ending.
   * Waits for a channel without a log. Throws CURSOR_EXPIRED when the log no longer continues what the reader has. `return()`
   * ends it at once, also while `next()` is waiting.
   */
  follow(key: ChannelKey, start: FollowStart): AsyncIterableIterator<Batch>
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

  async function* run(key: ChannelKey, start: FollowStart, signal: AbortSignal): AsyncGenerator<Batch, void> {
    const tail = createTail()
    const unwatch = await log.watch(key, tail.accept)
    let position: Position | null = null
    /** Why the log is read; null once that has been told. */
    let why: 'start' | 'gap' | null = 'start'
    const leave = headCheck.join(key, { position: () => position, fallBehind: tail.fallBehind })
    tell({ type: 'reader-came' })
    try {
      position = await startPosition(log, key, start)
      while (!signal.aborted) {
        tail.reset()
        const page = await log.read(key, position, batchLimits)
        if (page === null) {
          await tail.changed(signal)
          continue
        }
        const batch = fromPage(page, position)
        position = batch.position
        if (batch.entries.length > 0) {
          if (why !== null) tell({ type: 'replayed', why })
          why = null
          tell({ type: 'delivered', events: batch.entries.length })
          yield batch
        }
        if (page.isClosed && position.offset === page.last) return
        if (position.offset < page.last) continue

        while (!signal.aborted) {
          const live = takeLive(tail, position)
          if (live !== null) {
            position = live.position
            tell({ type: 'delivered', events: live.entries.length })
            yield live
            if (endsRun(live)) return
          } else if (tail.isBehind()) {
            why = 'gap'
            break
          } else {
            await tail.changed(signal)
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
    follow: (key, start) => abortableIterator((signal) => run(key, start, signal)),
    close: headCheck.close,
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
 * What is in the tail and continues `position`, up to a batch, with deltas joined. Null when there is nothing, or when the tail does not
 * continue there; it is then behind.
 */
function takeLive(tail: Tail, from: Position): Batch | null {
  let position = from
  const entries: LogEntry[] = []
  let copied = 0
  while (copied < batchLimits.maxBytes) {
    const publication = tail.shift()
    if (publication === undefined) break
    if (isOld(publication, position)) continue
    if (publication.entries === null || !goesOn(publication, position)) {
      tail.fallBehind()
      break
    }
    entries.push(...publication.entries)
    // Joining copies the texts of deltas; a fact stays the one that all readers share.
    for (const { event } of publication.entries) if (isDelta(event)) copied += event.text.length
    position = { epoch: position.epoch, offset: publication.last, tag: publication.tag }
  }
  return entries.length === 0 ? null : { entries: joinDeltas(entries), position }
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
