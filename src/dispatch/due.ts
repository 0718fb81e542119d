import type { ChannelKey } from '../ids.ts'

/** When somebody must look at a run: its start time, or a repair. One entry a run. Times are in ms since 1970. */
export interface DueList {
  set(key: ChannelKey, at: number): Promise<void>
  remove(key: ChannelKey): Promise<void>
  /** Up to `limit` runs whose time has come, oldest first, with that time. */
  due(now: number, limit: number): Promise<readonly Due[]>
}

export interface Due {
  readonly key: ChannelKey
  readonly at: number
}
