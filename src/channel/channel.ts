import type { ChannelEvent } from '../conversation/event.ts'
import type { ChannelKey } from '../kernel/ids.ts'
import type { Position } from './position.ts'

/** An event and its place. A joined delta has the place of its last part. */
export interface LogEntry {
  readonly offset: number
  readonly tag: string
  /** When the engine wrote it down, in ms since 1970. */
  readonly at: number
  readonly event: ChannelEvent
}

/** The newest end of a log. `isClosed`: the last entry is an ending, nothing follows. */
export interface Head {
  readonly epoch: string
  readonly last: number
  readonly lastTag: string
  readonly isClosed: boolean
}

export interface LogPage extends Head {
  /** What stands behind the place asked for, in order, without a hole; adjacent deltas of a message may be joined. */
  readonly entries: readonly LogEntry[]
}

export interface PageLimits {
  /** Log entries, counted before joining. */
  readonly maxEntries: number
  /** Payload bytes; the page ends with the entry that reaches them, so at least one entry is in it. */
  readonly maxBytes: number
}

/** What one append call wrote, as it is told to whoever watches. */
export interface Publication {
  readonly epoch: string
  /** The tag of the entry before the first of these; empty before the log's first. */
  readonly previousTag: string
  readonly first: number
  readonly last: number
  readonly tag: string
  /** Null when they were too large to publish: read them. */
  readonly entries: readonly LogEntry[] | null
}

/** `interrupted`: publications may have been missed since the last one. */
export type WatchSignal = Publication | 'interrupted'

/** Reading what a channel holds. Appending belongs to whoever owns the run: see `dispatch/run-store.ts`. */
export interface ChannelReads {
  /** The heads of several channels in one round trip, in the order of `keys`; null where there is no log. */
  heads(keys: readonly ChannelKey[]): Promise<readonly (Head | null)[]>
  /**
   * What stands behind `from` (null: from the beginning), or null while the channel has no log and `from` is null.
   * The entry at `from` is compared first: throws CURSOR_EXPIRED when the log has another epoch, ends before it, has
   * another tag there, or has been removed.
   */
  read(key: ChannelKey, from: Position | null, limits: PageLimits): Promise<LogPage | null>
}

/** Reading, and hearing of what is appended. */
export interface ChannelLog extends ChannelReads {
  /**
   * Calls `listener` for each append from the time the promise is fulfilled; in order, but possibly not all of them:
   * what is missing shows in `previousTag`. The listener must not throw. The function it answers with ends it.
   */
  watch(key: ChannelKey, listener: (signal: WatchSignal) => void): Promise<() => void>
}
