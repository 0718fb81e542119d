declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

/** The owner of an API key. Part of every stored key. */
export type AccountId = Branded<'AccountId'>
/** A channel of an account: 16 to 128 of `A-Z a-z 0-9 _ -`. Unique within the account only. */
export type ChannelId = Branded<'ChannelId'>

/** A conversation of an account, in the form of a channel id. Its caller chooses it. Unique within the account only. */
export type ConversationId = Branded<'ConversationId'>

/** The id of a stored resource or a part of one: `bot_`, `record_` … and 22 characters. Globally unique. */
export type ResourceId = Branded<'ResourceId'>

/** Names a channel and the dispatch that feeds it. Every port takes it. */
export interface ChannelKey {
  readonly account: AccountId
  readonly channel: ChannelId
}

/** Names a conversation. */
export interface ConversationKey {
  readonly account: AccountId
  readonly conversation: ConversationId
}

/** The name of a channel across all accounts, for maps and lists. Neither part contains a `/`. */
export function nameOf({ account, channel }: ChannelKey): string {
  return `${account}/${channel}`
}

/** The account of a server without API keys. */
export const localAccount = 'local' as AccountId

const channelIdPattern = /^[A-Za-z0-9_-]{16,128}$/

/** Parses a channel id. Null for other characters or another length. */
export function parseChannelId(text: string): ChannelId | null {
  return channelIdPattern.test(text) ? (text as ChannelId) : null
}

/** Parses the id of a conversation, which has the form of a channel id. Null for any other text. */
export function parseConversationId(text: string): ConversationId | null {
  return channelIdPattern.test(text) ? (text as ConversationId) : null
}

const resourceIdPattern = /^[a-z]+_[A-Za-z0-9]{22}$/

/** Parses the id of a stored resource. Null for a text that we never mint. */
export function parseResourceId(text: string): ResourceId | null {
  return resourceIdPattern.test(text) ? (text as ResourceId) : null
}

export type ResourceNoun = 'bot' | 'contact' | 'dataset' | 'record' | 'skillset' | 'ability' | 'secret' | 'webhook'

/** Mints unique values. The only source of randomness; app.ts passes it in. */
export interface Ids {
  /** 24 characters, 142 bits. */
  channelId(): ChannelId
  /** `msg_` and 22 characters. Unique across dispatches, because client caches use it as a key. */
  messageId(): string
  /** The noun, `_` and 22 characters. */
  resourceId(noun: ResourceNoun): ResourceId
  /** `call_` and 22 characters. Globally unique, unlike the ids of providers. */
  callId(): string
  /** The epoch of a log or the claim of a run: 128 bits. */
  nonce(): string
  /** The tag of one append call: 48 bits, enough to distinguish two histories of one log. */
  tag(): string
  /** The id of a logged defect, which callers can quote: `err_` and 16 characters. */
  errorId(): string
  /** `req_` and 22 characters. */
  requestId(): string
}

/** @param randomText returns that many characters of A-Z a-z 0-9, each equally likely. */
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
