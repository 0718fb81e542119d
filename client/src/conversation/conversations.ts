import type { Transport } from '../connection/transport.ts'
import { type Abortable, type Dispatched, inputOf, withIds } from '../dispatched.ts'
import type { DispatchConversationInput, SubmitFunctionResultInput } from '../generated/operations.ts'
import { newId } from '../new-id.ts'
import { createShared } from '../state/shared.ts'
import type { Stores } from '../state/stores.ts'
import { type ConversationState, emptyConversation } from './conversation-state.ts'
import { openConversation } from './live-conversation.ts'

/** A conversation, by its id: a store as React and others subscribe to it, and what a chat does. Handles of one id share what they show. */
export interface Conversation {
  readonly id: string
  /** Calls back at most once a frame (once a task where there are no frames). The returned function ends that. */
  subscribe(listener: () => void): () => void
  /** The same object until the next call back. */
  getSnapshot(): ConversationState
  /**
   * Says something: a text is one message of a user. It is shown at once, and taken back where it is refused. With `whenBusy: 'STEER'` it is
   * handed to the run that goes on, if there is one.
   */
  send(input: string | Omit<DispatchConversationInput, 'conversationId'>, options?: Abortable): Promise<Dispatched>
  /**
   * Ends what is being said, on the server; what is queued behind it begins. It means what is shown, so somebody must be
   * subscribed: otherwise `cancel` the channel that `send` has given.
   */
  stop(reason?: string, options?: Abortable): Promise<void>
  /** Answers one of `pendingCalls`, as they are shown. */
  answer(callId: string, answer: Pick<SubmitFunctionResultInput, 'data' | 'error'>, options?: Abortable): Promise<void>
}

export interface ConversationDeps {
  readonly subscribe: Transport
  readonly stores: Stores
  readonly dispatch: (input: DispatchConversationInput, options?: Abortable) => Promise<Dispatched>
  readonly cancel: (channelId: string, options?: Abortable & { reason?: string | undefined }) => Promise<unknown>
  readonly answer: (input: SubmitFunctionResultInput, options?: Abortable) => Promise<unknown>
}

export function createConversations(deps: ConversationDeps) {
  const shared = createShared((id) => openConversation(deps, id))
  const shown = (id: string) => shared.find(id)?.state() ?? emptyConversation
  const conversation = (id: string): Conversation => ({
    id,
    subscribe: (listener) => shared.subscribe(id, listener),
    getSnapshot: () => shown(id),
    async send(input, options) {
      const given: Omit<DispatchConversationInput, 'conversationId'> = inputOf(input)
      // Ids of its own, so that what is shown now is known again when the server tells it.
      const messages = withIds(given.messages)
      const channelId = given.channelId ?? newId()
      const shown = messages.map((message) => ({ ...message, meta: message.meta ?? null, isComplete: true }))
      const finish = shared.find(id)?.sending({ channelId, messages: shown })
      try {
        const dispatched = await deps.dispatch({ ...given, messages, channelId, conversationId: id }, options)
        finish?.(undefined, dispatched.channelId)
        return dispatched
      } catch (error) {
        finish?.(error)
        throw error
      }
    },
    async stop(reason, options) {
      const { channelId } = shown(id)
      if (channelId !== null) await deps.cancel(channelId, { ...options, reason })
    },
    async answer(callId, answer, options) {
      await deps.answer({ ...answer, callId, channelId: shown(id).channelId ?? '' }, options)
    },
  })
  return { conversation, close: shared.close }
}
