import type { AccountId, ChannelId } from '../kernel/ids.ts'

/** The dispatches of an account, ordered by creation time and then by channel id. Creating a run adds its place. */
export interface DispatchIndex {
  /** Up to `limit` places before `before`, newest first. */
  page(account: AccountId, before: IndexPlace | null, limit: number): Promise<readonly IndexPlace[]>
  /** Removes places whose runs are gone. */
  remove(account: AccountId, channels: readonly ChannelId[]): Promise<void>
}

export interface IndexPlace {
  readonly channel: ChannelId
  /** In ms since 1970. */
  readonly createdAt: number
}
