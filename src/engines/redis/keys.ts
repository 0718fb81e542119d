import type { AccountId, ChannelKey, ConversationId, ConversationKey } from '../../kernel/ids.ts'
import type { NamedKeys } from './script-keys.ts'

/** The prefix of all our keys. */
const prefix = 'bc:'

/** The prefix of BullMQ's keys. A hash tag for BullMQ alone: its scripts use all of its keys, so these must share a cluster slot. */
export const queuePrefix = '{bc}'

/**
 * The keys of a channel. They share one hash tag and so one cluster slot, so that one script can use all of them. `log` and
 * `facts` are streams, `packed`, a string, stands for both of them once the run has ended; `head` and `run` are hashes, `request` a string; `topic` is the pub/sub channel. `files` is a hash of
 * contents; `pending` and `answers` are hashes of a run's calls. `waiters`, `early` and `recent` are lists and `assigned` is
 * a hash; they belong to channels on which runs wait for messages. `deliveries` is a hash of what webhooks are told of the run.
 */
export function channelKeys({ account, channel }: ChannelKey) {
  const base = `${prefix}{a/${account}/${channel}}`
  return {
    topic: base,
    log: `${base}:log`,
    facts: `${base}:facts`,
    packed: `${base}:packed`,
    head: `${base}:head`,
    run: `${base}:run`,
    request: `${base}:request`,
    files: `${base}:files`,
    pending: `${base}:pending`,
    answers: `${base}:answers`,
    waiters: `${base}:waiters`,
    assigned: `${base}:assigned`,
    early: `${base}:early`,
    recent: `${base}:recent`,
    deliveries: `${base}:deliveries`,
  }
}

/** Hash of the form of all data: see needs/form.ts. */
export const formKey = `${prefix}form`

/** Sorted set of `account/channel` by the time of the next look, in ms. */
export const dueKey = `${prefix}due`

/** As `dueKey`, of `account/conversation`. Its own list: an earlier release drops what it does not know. */
export const lineDueKey = `${prefix}due-lines`

/** Sorted set of `account/endpoint` by the time of its next delivery, in ms. Its own list, as `lineDueKey`. */
export const hooksDueKey = `${prefix}due-webhooks`

/**
 * An account's endpoints, a hash: `1cfx {…}`, enabled or not, the letters of its events, and all of it as JSON. Scripts derive two keys of each
 * endpoint, in the same slot: `:queue:ID` and `:list:ID`, sorted sets of deliveries by the time of the next attempt and of creation, in ms.
 */
export function hooksKey(account: AccountId): string {
  return `${prefix}{w/${account}}:hooks`
}

/**
 * The keys of a conversation. They share one hash tag, and no channel's: what changes both is two steps, each idempotent, and the
 * sweep mends a crash between them. `line` is a hash, `places` a list, `members` a sorted set.
 */
export function lineKeys({ account, conversation }: ConversationKey) {
  const base = `${prefix}{c/${account}/${conversation}}`
  return { topic: base, line: `${base}:line`, places: `${base}:places`, members: `${base}:members` }
}

/** Sorted set of an account's conversations by their last change, in ms. */
export function conversationsKey(account: AccountId): string {
  return `${prefix}conversations:${account}`
}

/** When an account's token bucket of dispatches is full again, in ms. */
export function rateKey(account: AccountId): string {
  return `${prefix}rate:${account}`
}

/** The keys of the fair queue begin with it. They share the cluster slot of BullMQ's. */
export const fairKey = `${queuePrefix}:fair`

/** Hash of what an account has used since midnight, UTC. */
export function usedTodayKey(account: AccountId): string {
  return `${prefix}used-today:${account}`
}

/** What an account has going on: see standing/standing.lua. */
export function standingKeys(account: AccountId) {
  return { standing: `${prefix}standing:${account}`, recent: `${prefix}recent:${account}` }
}

/** Sorted set of the workers that are up and their places, by the end of their lease. */
export const placesKey = `${prefix}places`

/**
 * What a conversation has said so far, for the dispatches that continue one another: a hash of segments, and a sorted set of
 * those dispatches by the time in ms until which they need it.
 */
export function transcriptKeys(account: AccountId, root: string) {
  const base = `${prefix}{t/${account}/${root}}`
  return { segments: `${base}:segments`, holders: `${base}:holders` }
}

/** What an account holds: a hash of names and bytes, and a sorted set of the names by the time at which they expire, in ms. */
export function ledgerKeys(account: AccountId) {
  const base = `${prefix}{b/${account}}`
  return { held: `${base}:held`, ends: `${base}:ends` }
}

/** Sorted set of an account's channels by their dispatch's creation time, in ms. */
export function indexKey(account: AccountId): string {
  return `${prefix}index:${account}`
}

/** A run, the root of the transcript that it continues, and the conversation that it belongs to. */
export type RunPlace = ChannelKey & { readonly root?: string; readonly conversation?: ConversationId }

/** One of `channelKeys`, without making all of them. */
const ofChannel =
  (part: Exclude<keyof ReturnType<typeof channelKeys>, 'topic'>) =>
  ({ account, channel }: RunPlace) =>
    `${prefix}{a/${account}/${channel}}:${part}`

/** No conversation has this name. */
const noConversation = '' as ConversationId

/** The keys of the scripts of runs and of what is published on their channels, by the names that they have there. */
export const runKeys: NamedKeys<RunPlace> = {
  topic: ({ account, channel }) => `${prefix}{a/${account}/${channel}}`,
  log: ofChannel('log'),
  facts: ofChannel('facts'),
  packed: ofChannel('packed'),
  head: ofChannel('head'),
  run: ofChannel('run'),
  request: ofChannel('request'),
  files: ofChannel('files'),
  pending: ofChannel('pending'),
  answers: ofChannel('answers'),
  waiters: ofChannel('waiters'),
  assigned: ofChannel('assigned'),
  early: ofChannel('early'),
  deliveries: ofChannel('deliveries'),
  held: ({ account }) => ledgerKeys(account).held,
  ends: ({ account }) => ledgerKeys(account).ends,
  standing: ({ account }) => standingKeys(account).standing,
  // The account's last hour. The channel's list of that name is `publications` there.
  recent: ({ account }) => standingKeys(account).recent,
  publications: ofChannel('recent'),
  hooks: ({ account }) => hooksKey(account),
  hooks_due: () => hooksDueKey,
  due: () => dueKey,
  index: ({ account }) => indexKey(account),
  used_today: ({ account }) => usedTodayKey(account),
  segments: ({ account, channel, root = channel }) => transcriptKeys(account, root).segments,
  holders: ({ account, channel, root = channel }) => transcriptKeys(account, root).holders,
  line: ({ account, conversation = noConversation }) => lineKeys({ account, conversation }).line,
  line_places: ({ account, conversation = noConversation }) => lineKeys({ account, conversation }).places,
}
