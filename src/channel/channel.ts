import type { ChannelEvent } from '../conversation/event.ts'
import type { ChannelKey } from '../kernel/ids.ts'
import type { Position } from './position.ts'

/** An event and its place in the log. A joined delta has the place of its last part. */
export interface LogEntry {
  readonly offset: number
  readonly tag: string
  /** When the engine wrote it, in ms since 1970. */
  readonly at: number
  readonly event: ChannelEvent
}

/** The newest end of a log. `isClosed`: the last entry is an ending, and nothing follows. */
export interface Head {
  readonly epoch: string
  readonly last: number
  readonly lastTag: string
  readonly isClosed: boolean
}

export interface LogPage extends Head {
  /** The entries after the requested place, in order and without a gap. Adjacent deltas of a message may be joined. */
  readonly entries: readonly LogEntry[]
}

export interface PageLimits {
  /** Log entries, counted before joining. Null: not counted, so deltas may come from the messages that they have become. */
  readonly maxEntries: number | null
  /** Payload bytes, before or after joining. The page ends with the entry that reaches them, so it has at least one entry. */
  readonly maxBytes: number
}

/** What one append wrote, as watchers are told it. */
export interface Publication {
  readonly epoch: string
  /** The tag of the entry before the first one; empty at the beginning of the log. */
  readonly previousTag: string
  readonly first: number
  readonly last: number
  readonly tag: string
  /** Null when they were too large to publish and must be read. */
  readonly entries: readonly LogEntry[] | null
}

/** `interrupted`: publications may have been missed since the last one. */
export type WatchSignal = Publication | 'interrupted'

/** Reads the log of a channel. Appending belongs to the owner of the run: see `dispatch/run-store.ts`. */
export interface ChannelReads {
  /** The heads of several channels in one round trip, in the order of `keys`; null for a channel without a log. */
  heads(keys: readonly ChannelKey[]): Promise<readonly (Head | null)[]>
  /**
   * The entries after `from` (null: from the beginning). Null while the channel has no log and `from` is null. Compares the
   * entry at `from` first: throws CURSOR_EXPIRED when the log has another epoch, ends before it, has another tag there, or
   * has been removed.
   */
  read(key: ChannelKey, from: Position | null, limits: PageLimits): Promise<LogPage | null>
}

/** Reads a log, and tells of appends. */
export interface ChannelLog extends ChannelReads {
  /**
   * Calls `listener` for each append after the promise is fulfilled, in order, but possibly not for all of them: gaps show in
   * `previousTag`. The listener must not throw. The returned function ends the watch.
   */
  watch(key: ChannelKey, listener: (signal: WatchSignal) => void): Promise<() => void>
}
