import type { DispatchConversationInput, MessageInput } from './generated/operations.ts'
import { newId } from './new-id.ts'

export interface Abortable {
  /** Rejects with its reason. What the server has accepted stays. */
  readonly signal?: AbortSignal | undefined
}

export interface Dispatched {
  readonly channelId: string
  /** Null unless the input asks for one. */
  readonly channelToken: { readonly token: string; readonly expiresAt: string } | null
}

/** A text is one message of a user. */
export const inputOf = <Input extends Pick<DispatchConversationInput, 'messages'>>(input: string | Input) =>
  typeof input === 'string' ? { messages: [{ type: 'USER' as const, text: input }] } : input

/** Messages with ids of their own, by which they are known again, also when they are sent again. */
export const withIds = (messages: readonly MessageInput[]) =>
  messages.map((message) => ({ ...message, id: message.id ?? newId() }))
