import type { ChannelKey } from '../../kernel/ids.ts'

/**
 * When somebody must look at a run: at its start time, at a deadline, or for a repair. Each run has one entry. Times are whole
 * ms since 1970. Anybody may bring an entry forward. Only a process that has looked at the run puts its entry off or drops it,
 * and only if the entry is still the one it read: anything newer wins, and so does a store that has gone back.
 */
export interface DueList<Key = ChannelKey> {
  /** Somebody looks at the run by then. An earlier entry stays. */
  bring(key: Key, at: number): Promise<void>
  /** Up to `limit` entries whose time has come, oldest first. */
  due(now: number, limit: number): Promise<readonly Due<Key>[]>
  /** Returns the new entry. Null, and nothing is done, if the entry has changed. */
  move(entry: Due<Key>, at: number): Promise<Due<Key> | null>
  /** Does nothing if the entry has changed. */
  drop(entry: Due<Key>): Promise<void>
}

export interface Due<Key = ChannelKey> {
  readonly key: Key
  readonly at: number
}
