import type { AccountId, ChannelId } from '../kernel/ids.ts'

/** The caller: an account, or the holder of a token for one of its channels. */
export interface Principal {
  readonly account: AccountId
  /** Null: an API key, which may do everything in its account. */
  readonly grant: ChannelGrant | null
}

/** What a channel token opens: reading one channel as an end user, and what `allow` adds. */
export interface ChannelGrant {
  readonly channelId: ChannelId
  readonly allow: readonly ChannelPermission[]
  /** In ms since 1970. From then on the grant opens nothing. */
  readonly expiresAt: number
}

export const channelPermissions = ['answer', 'cancel', 'publish'] as const
export type ChannelPermission = (typeof channelPermissions)[number]

/** A secret that opens an account. An account may have several, so that one can be replaced without a pause. */
export interface ApiKey {
  readonly account: AccountId
  readonly secret: string
}
