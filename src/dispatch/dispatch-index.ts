import type { AccountId, ChannelId } from '../kernel/ids.ts'

/** An account's dispatches, by creation time and then by channel id. Creating a run gives it its place. */
export interface DispatchIndex {
  /** Up to `limit` places before `before`, newest first. */
  page(account: AccountId, before: IndexPlace | null, limit: number): Promise<readonly IndexPlace[]>
  /** Drops places whose records are gone. */
  remove(account: AccountId, channels: readonly ChannelId[]): Promise<void>
}

export interface IndexPlace {
  readonly channel: ChannelId
  /** ms since 1970 */
  readonly createdAt: number
}
