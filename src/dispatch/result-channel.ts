import type { ChannelId, ChannelKey } from '../kernel/ids.ts'
import { parseJson, stringifyJson } from '../kernel/json.ts'

/** A call that waits for a message on a channel. */
export interface Waiter {
  /** The run's. */
  readonly channel: ChannelId
  readonly callId: string
}

export type Message = Readonly<Record<string, unknown>>

/** A published message. Two messages with the same content are still two, told apart by their tags. */
export interface Published {
  readonly message: Message
  /** Identifies the publication. */
  readonly tag: string
}

/** A message, matched with the call that it answers. */
export interface Assignment extends Published {
  readonly waiter: Waiter
}

/** `ended`: the channel's run has ended, and nothing can follow. `full`: publications have used up their share of the log. */
export type PublishReply =
  | { readonly outcome: 'published'; readonly assignment: Assignment | null }
  | { readonly outcome: 'ended' | 'full' }

/**
 * Matches published messages with the calls that wait for them, first come, first served. A match is stored before it is
 * delivered, so a crash in between loses neither. Each method is atomic, and idempotent when the same call is sent again.
 */
export interface ResultChannels {
  /** Appends `channel-message-published`. Throws LIMIT_EXCEEDED when the account has no room. The message goes to the call that has waited longest, or is kept for a later call. */
  publish(key: ChannelKey, publication: Publication): Promise<PublishReply>
  /** Waits for a message. Returns one that is there already, which then is the waiter's. Idempotent. */
  wait(key: ChannelKey, waiter: Waiter): Promise<Published | null>
  /** The assignments that have not been delivered yet. */
  undelivered(key: ChannelKey): Promise<readonly Assignment[]>
  /** Marks the assignment as delivered. Does nothing when the waiter has another match by now. */
  delivered(key: ChannelKey, assignment: Assignment): Promise<void>
  /** Passes the message of a call that no longer waits to the next call; null when it is kept, or the match is another by now. */
  reassign(key: ChannelKey, assignment: Assignment): Promise<Assignment | null>
}

export interface Publication extends Published {
  /** The epoch of the new log, when the channel has none. */
  readonly epoch: string
}

export interface ResultChannelLimits {
  /** How long before its call a message may come, in ms. */
  readonly earlyMs: number
  /** How long the log of a channel without a run is kept after its last message. */
  readonly logSeconds: number
  /** Of all publications in a log, in entries and payload bytes. What the run writes does not count, nor do they for the run. */
  readonly maxEntries: number
  readonly maxBytes: number
  /** How long waiting calls and matches are kept. Must be longer than any call waits. */
  readonly waitSeconds: number
}

/** How many of a channel's newest messages are kept for later calls, and how many tags are remembered. */
export const keptMessages = 100

/** The name of a waiter, unique on its channel. */
export function waiterName({ channel, callId }: Waiter): string {
  return `${channel} ${callId}`
}

/** A message as it is stored: its tag, a space, its JSON. */
export function encodePublished({ tag, message }: Published): string {
  return `${tag} ${stringifyJson(message)}`
}

export function parsePublished(text: string): Published {
  const space = text.indexOf(' ')
  // Written by encodePublished, or by a script in the same form.
  return { tag: text.slice(0, space), message: parseJson(text.slice(space + 1)) as Message }
}

export function parseWaiter(name: string): Waiter {
  const [channel = '', callId = ''] = name.split(' ')
  // Written by waiterName.
  return { channel: channel as ChannelId, callId }
}
