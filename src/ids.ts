declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

/** Who an API key belongs to. Part of every key that is stored. */
export type AccountId = Branded<'AccountId'>
/** One channel of an account: 16 to 128 of `A-Z a-z 0-9 _ -`. Unique within the account only. */
export type ChannelId = Branded<'ChannelId'>

/** A channel, and the dispatch that feeds it: what every port is called with. */
export interface ChannelKey {
  readonly account: AccountId
  readonly channel: ChannelId
}

/** A channel's name among all accounts', for maps and lists. Neither part holds a `/`. */
export function nameOf({ account, channel }: ChannelKey): string {
  return `${account}/${channel}`
}

/** The account of a server without API keys. */
export const localAccount = 'local' as AccountId

const channelIdPattern = /^[A-Za-z0-9_-]{16,128}$/

/** A caller's text as a channel id, or null when it has other characters or another length. */
export function parseChannelId(text: string): ChannelId | null {
  return channelIdPattern.test(text) ? (text as ChannelId) : null
}

/** Mints what must not repeat. The only source of randomness; comes in from app.ts. */
export interface Ids {
  /** 24 characters, 142 bits. */
  channelId(): ChannelId
  /** `msg_` and 22 characters; unique across dispatches, because client caches key by it. */
  messageId(): string
  /** A log's epoch or a run's claim: 128 bits. */
  nonce(): string
  /** The tag of one append call: 48 bits, enough to tell two histories of one log apart. */
  tag(): string
  /** The id by which a caller quotes a defect: `err_` and 16 characters. */
  errorId(): string
}

/** @param randomText gives that many characters of A-Z a-z 0-9, each equally likely. */
export function createIds(randomText: (length: number) => string): Ids {
  return {
    channelId: () => randomText(24) as ChannelId,
    messageId: () => `msg_${randomText(22)}`,
    nonce: () => randomText(22),
    tag: () => randomText(8),
    errorId: () => `err_${randomText(16)}`,
  }
}
