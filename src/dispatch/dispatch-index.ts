import type { AccountId, ChannelId } from '../kernel/ids.ts'
import type { ConversationPlace } from './line/line.ts'

/**
 * The dispatches of an account, or of a conversation, ordered by time and then by channel id. Creating a run adds its place to the
 * account's, joining a line to the conversation's.
 */
export interface DispatchIndex<Of = AccountId> {
  /** Up to `limit` places before `before`, newest first. */
  page(of: Of, before: IndexPlace | null, limit: number): Promise<readonly IndexPlace[]>
  /**
   * Removes places whose runs were gone when somebody looked. One that was taken again since stays: it is newer now, or its dispatch stands
   * in line and has no run yet.
   */
  remove(of: Of, places: readonly GonePlace[]): Promise<void>
}

export interface GonePlace extends Pick<IndexPlace, 'channel'> {
  /** As it was seen; null: nobody has seen the place. */
  readonly createdAt: number | null
}

export interface IndexPlace {
  readonly channel: ChannelId
  /** In ms since 1970. */
  readonly createdAt: number
}

/** The conversations of an account, ordered by their last change and then by id. */
export interface ConversationIndex {
  /** Up to `limit` places before `before`, the last changed first. */
  page(account: AccountId, before: ConversationPlace | null, limit: number): Promise<readonly ConversationPlace[]>
  /** Removes places whose conversations were gone when somebody looked. One that has changed since stays: it has come to be again. */
  remove(account: AccountId, places: readonly ConversationPlace[]): Promise<void>
}
