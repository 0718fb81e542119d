/**
 * - `user`: what a person said. `bot`: what the model said. `reasoning`: what the model thought before that.
 * - `context`, `instruction`: background and orders for the model, which reads them as the user's.
 * - `backstory`: who the model is, given as its system message.
 * - `activity`: a function call's request or response, in `meta.activity`.
 * - `checkpoint`: a mark in the conversation; everything before it is done.
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

/** `meta.activity` of an `activity` message. */
export interface Activity {
  readonly type: 'request' | 'response'
  /** The id of the call, which request and response share. Callers may leave it out. */
  readonly id?: string
  readonly function: { readonly name: string; readonly arguments?: unknown; readonly result?: unknown }
}
