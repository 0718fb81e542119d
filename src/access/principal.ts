import type { DispatchLimits } from '../conversation/input/limits-input.ts'
import type { AccountId, ChannelId, ConversationId } from '../kernel/ids.ts'

/** The caller: an account, or the holder of a token for one of its channels or conversations. */
export interface Principal {
  readonly account: AccountId
  /** Null: an API key, which may do everything in its account. */
  readonly grant: Grant | null
}

export type Grant = ChannelGrant | ConversationGrant

interface Expiring {
  /** In ms since 1970. From then on the grant opens nothing. */
  readonly expiresAt: number
}

/** What a channel token opens: reading one channel as an end user, and what `allow` adds. */
export interface ChannelGrant extends Expiring {
  readonly kind: 'channel'
  readonly channelId: ChannelId
  readonly allow: readonly ChannelPermission[]
}

/** What a conversation token opens: reading one conversation and its channels as an end user, and what `allow` adds. */
export interface ConversationGrant extends Expiring {
  readonly kind: 'conversation'
  readonly conversationId: ConversationId
  readonly allow: readonly ConversationPermission[]
  /** Who answers. Null: nobody, so it may not dispatch. */
  readonly botId: string | null
  /** Of each dispatch. */
  readonly limits: DispatchLimits
}

export const channelPermissions = ['answer', 'cancel', 'publish'] as const
export type ChannelPermission = (typeof channelPermissions)[number]

export const conversationPermissions = ['dispatch', ...channelPermissions] as const
export type ConversationPermission = (typeof conversationPermissions)[number]

/** A secret that opens an account. An account may have several, so that one can be replaced without a pause. */
export interface ApiKey {
  readonly account: AccountId
  readonly secret: string
}
