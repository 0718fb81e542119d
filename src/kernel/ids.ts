declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

/** Who an API key belongs to. Part of every key that is stored. */
export type AccountId = Branded<'AccountId'>
/** One channel of an account: 16 to 128 of `A-Z a-z 0-9 _ -`. Unique within the account only. */
export type ChannelId = Branded<'ChannelId'>

/** What is stored under an account, or a part of it: `bot_`, `record_` … and 22 characters. Globally unique. */
export type ResourceId = Branded<'ResourceId'>

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

const resourceIdPattern = /^[a-z]+_[A-Za-z0-9]{22}$/

/** A caller's text as the id of something stored, or null when we never minted one like it. */
export function parseResourceId(text: string): ResourceId | null {
  return resourceIdPattern.test(text) ? (text as ResourceId) : null
}

export type ResourceNoun = 'bot' | 'contact' | 'dataset' | 'record' | 'skillset' | 'ability' | 'secret'

/** Mints what must not repeat. The only source of randomness; comes in from app.ts. */
export interface Ids {
  /** 24 characters, 142 bits. */
  channelId(): ChannelId
  /** `msg_` and 22 characters; unique across dispatches, because client caches key by it. */
  messageId(): string
  /** The noun, `_` and 22 characters. */
  resourceId(noun: ResourceNoun): ResourceId
  /** `call_` and 22 characters; unique everywhere, whatever a provider calls its own. */
  callId(): string
  /** A log's epoch or a run's claim: 128 bits. */
  nonce(): string
  /** The tag of one append call: 48 bits, enough to tell two histories of one log apart. */
  tag(): string
  /** The id by which a caller quotes a defect: `err_` and 16 characters. */
  errorId(): string
  /** `req_` and 22 characters. */
  requestId(): string
}

/** @param randomText gives that many characters of A-Z a-z 0-9, each equally likely. */
export function createIds(randomText: (length: number) => string): Ids {
  return {
    channelId: () => randomText(24) as ChannelId,
    messageId: () => `msg_${randomText(22)}`,
    resourceId: (noun) => `${noun}_${randomText(22)}` as ResourceId,
    callId: () => `call_${randomText(22)}`,
    nonce: () => randomText(22),
    tag: () => randomText(8),
    errorId: () => `err_${randomText(16)}`,
    requestId: () => `req_${randomText(22)}`,
  }
}
