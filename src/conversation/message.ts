/**
 * - `user` what a person said, `bot` what the model said, `reasoning` what it thought before that;
 * - `context` and `instruction` background and orders for the model, given in the user's place;
 * - `backstory` who the model is, given as its system message;
 * - `activity` a function call's request or response, in `meta.activity`;
 * - `checkpoint` a mark in the conversation: what stands before it has been dealt with.
 */
export const messageTypes = [
  'user',
  'bot',
  'reasoning',
  'context',
  'instruction',
  'backstory',
  'activity',
  'checkpoint',
] as const

export type MessageType = (typeof messageTypes)[number]

export interface Message {
  readonly id: string
  readonly type: MessageType
  readonly text: string
  readonly meta?: Readonly<Record<string, unknown>>
}

/** What `meta.activity` of an `activity` message holds. */
export interface Activity {
  readonly type: 'request' | 'response'
  /** The call's id, so that request and response find each other; those of callers may have none. */
  readonly id?: string
  readonly function: { readonly name: string; readonly arguments?: unknown; readonly result?: unknown }
}
