import type { AccountId, ChannelId, ConversationId } from '../kernel/ids.ts'
import type { ConversationPlace } from './line/line.ts'

/**
 * The dispatches of an account, or of a conversation, ordered by time and then by channel id. Creating a run adds its place to the
 * account's, joining a line to the conversation's.
 */
export interface DispatchIndex<Of = AccountId> {
  /** Up to `limit` places before `before`, newest first. */
  page(of: Of, before: IndexPlace | null, limit: number): Promise<readonly IndexPlace[]>
  /** Removes places whose runs are gone. */
  remove(of: Of, channels: readonly ChannelId[]): Promise<void>
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
  /** Removes places whose conversations are gone. */
  remove(account: AccountId, conversations: readonly ConversationId[]): Promise<void>
}
