import type { ChannelKey } from '../../kernel/ids.ts'

/**
 * When somebody must look at a run: its start time, a deadline, or a repair. One entry a run; times are whole ms since 1970.
 * Whoever has something for a run to come brings its entry forward. Only who has looked puts it off or drops it, and only as
 * it was looked at, so that what is known by now, or a store that has gone back, wins over what was known then.
 */
export interface DueList {
  /** Somebody looks by then. An entry that is earlier stays. */
  bring(key: ChannelKey, at: number): Promise<void>
  /** Up to `limit` runs whose time has come, oldest first. */
  due(now: number, limit: number): Promise<readonly Due[]>
  /** The entry as it stands now; null, and nothing done, if it is not as it was any more. */
  move(entry: Due, at: number): Promise<Due | null>
  /** Does nothing if it is not as it was any more. */
  drop(entry: Due): Promise<void>
}

export interface Due {
  readonly key: ChannelKey
  readonly at: number
}
