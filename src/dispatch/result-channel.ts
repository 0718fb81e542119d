import type { ChannelId, ChannelKey } from '../ids.ts'

/** A call that waits for a message on a channel. */
export interface Waiter {
  /** The run's. */
  readonly channel: ChannelId
  readonly callId: string
}

export type Message = Readonly<Record<string, unknown>>

/** A message, and the call that it is the answer to. */
export interface Assignment {
  readonly waiter: Waiter
  readonly message: Message
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
  wait(key: ChannelKey, waiter: Waiter): Promise<Message | null>
  /** Assignments that have not been delivered yet. */
  undelivered(key: ChannelKey): Promise<readonly Assignment[]>
  /** The message has reached its call. */
  delivered(key: ChannelKey, waiter: Waiter): Promise<void>
  /** The call does not wait any more: its message goes to the next one, or is kept again. */
  reassign(key: ChannelKey, waiter: Waiter): Promise<Assignment | null>
}

export interface Publication {
  readonly message: Message
  /** Names this publication. */
  readonly tag: string
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

export function parseWaiter(name: string): Waiter {
  const [channel = '', callId = ''] = name.split(' ')
  // Written by waiterName.
  return { channel: channel as ChannelId, callId }
}
