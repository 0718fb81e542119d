import type { ChannelKey } from '../../kernel/ids.ts'

/**
 * When somebody must look at a run: at its start time, at a deadline, or for a repair. Each run has one entry. Times are whole
 * ms since 1970. Anybody may bring an entry forward. Only a process that has looked at the run puts its entry off or drops it,
 * and only if the entry is still the one it read: anything newer wins, and so does a store that has gone back.
 */
export interface DueList {
  /** Somebody looks at the run by then. An earlier entry stays. */
  bring(key: ChannelKey, at: number): Promise<void>
  /** Up to `limit` entries whose time has come, oldest first. */
  due(now: number, limit: number): Promise<readonly Due[]>
  /** Returns the new entry. Null, and nothing is done, if the entry has changed. */
  move(entry: Due, at: number): Promise<Due | null>
  /** Does nothing if the entry has changed. */
  drop(entry: Due): Promise<void>
}

export interface Due {
  readonly key: ChannelKey
  readonly at: number
}
