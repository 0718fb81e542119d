import type { ChannelId, ChannelKey } from '../kernel/ids.ts'

/** A call that waits for a message on a channel. */
export interface Waiter {
  /** The run's. */
  readonly channel: ChannelId
  readonly callId: string
}

export type Message = Readonly<Record<string, unknown>>

/** A message that was published. Two may say the same and are two all the same: the tag tells. */
export interface Published {
  readonly message: Message
  /** Names the publication. */
  readonly tag: string
}

/** A message, and the call that it is the answer to. */
export interface Assignment extends Published {
  readonly waiter: Waiter
}

/** `ended`: the channel's run has its ending, and nothing follows it. `full`: its log has reached its limit. */
export type PublishReply =
  | { readonly outcome: 'published'; readonly assignment: Assignment | null }
  | { readonly outcome: 'ended' | 'full' }

/**
 * Messages that people publish on channels, and the calls that wait for them: matched first come, first served, and
 * the match is written down before it is delivered, so that a crash between loses neither. Each method is atomic and
 * applied once however often the same call is sent.
 */
export interface ResultChannels {
  /** Appends `channel-message-published`. The message goes to the call that has waited longest, or is kept for one that comes soon. */
  publish(key: ChannelKey, publication: Publication): Promise<PublishReply>
  /** Waits for a message, unless one is there already: then it is the waiter's. Waiting twice is waiting once. */
  wait(key: ChannelKey, waiter: Waiter): Promise<Published | null>
  /** Assignments that have not been delivered yet. */
  undelivered(key: ChannelKey): Promise<readonly Assignment[]>
  /** The message has reached its call. Nothing, if the match is another by now. */
  delivered(key: ChannelKey, assignment: Assignment): Promise<void>
  /** The call does not wait any more: its message goes to the next one, or is kept again. Null too if the match is another by now. */
  reassign(key: ChannelKey, assignment: Assignment): Promise<Assignment | null>
}

export interface Publication extends Published {
  /** Begins a log where there is none. */
  readonly epoch: string
}

export interface ResultChannelLimits {
  /** For how long a message may come before the call that it answers, in ms. */
  readonly earlyMs: number
  /** How long the log of a channel without a run outlives its last message. */
  readonly logSeconds: number
  /** Entries and payload bytes that a log may have before nothing more is published to it. */
  readonly maxEntries: number
  readonly maxBytes: number
  /** How long waiting calls and matches are kept: longer than any call waits. */
  readonly waitSeconds: number
}

/** Messages that are kept for a call that comes soon, and tags that are known again: the newest of a channel. */
export const keptMessages = 100

/** A waiter's name among those of its channel. */
export function waiterName({ channel, callId }: Waiter): string {
  return `${channel} ${callId}`
}

/** A message as it is kept: its tag, a space, its JSON. */
export function encodePublished({ tag, message }: Published): string {
  return `${tag} ${JSON.stringify(message)}`
}

export function parsePublished(text: string): Published {
  const space = text.indexOf(' ')
  // Written by encodePublished, and by the scripts in the same way.
  return { tag: text.slice(0, space), message: JSON.parse(text.slice(space + 1)) as Message }
}

export function parseWaiter(name: string): Waiter {
  const [channel = '', callId = ''] = name.split(' ')
  // Written by waiterName.
  return { channel: channel as ChannelId, callId }
}
