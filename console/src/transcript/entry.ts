import type { ChannelEvent, FunctionCall, Message, MessageType } from 'backchannel-client'

/** What a transcript shows, one below the other. `key` is its own. */
export type Entry = MessageEntry | CallEntry | NoticeEntry

export interface MessageEntry {
  readonly kind: 'message'
  readonly key: string
  readonly type: MessageType
  readonly text: string
  readonly isComplete: boolean
  /** It was being written when its model call was lost: what it says is void. */
  readonly isDiscarded: boolean
}

export type CallState = 'running' | 'waiting' | 'completed' | 'failed' | 'abandoned'

export interface CallEntry {
  readonly kind: 'call'
  readonly key: string
  readonly name: string
  readonly arguments: unknown
  readonly state: CallState
  /** The answer, or why there is none. */
  readonly outcome: { readonly data: unknown } | { readonly error: string } | null
  /** How long it took, in milliseconds; null where no event tells. */
  readonly durationMs: number | null
  /** Present while the run waits for somebody to answer it. */
  readonly pending: { readonly call: FunctionCall; readonly resultChannelId: string | null } | null
}

export interface NoticeEntry {
  readonly kind: 'notice'
  readonly key: string
  readonly tone: 'plain' | 'bad' | 'wait'
  readonly text: string
}

export type EventOf<Name extends ChannelEvent['__typename']> = Extract<ChannelEvent, { __typename: Name }>

export const messageEntry = ({ id, type, text, isComplete }: Message): MessageEntry => ({
  kind: 'message',
  key: id,
  type,
  text,
  isComplete,
  isDiscarded: false,
})
