import { useMemo, useSyncExternalStore } from 'react'
import { type ConversationState, emptyConversation } from '../conversation/conversation-state.ts'
import type { Conversation } from '../conversation/conversations.ts'
import { useBackchannel } from './provider.ts'

export interface UseConversation extends ConversationState, Pick<Conversation, 'send' | 'stop' | 'answer'> {}

const getNothing = () => emptyConversation

/**
 * A chat of many turns, kept up to date while the component is mounted. It renders at most once a frame, however much comes. On
 * a server that renders it is empty: `status` is null. Leaving the page ends nothing on the server.
 */
export function useConversation(conversationId: string): UseConversation {
  const client = useBackchannel()
  const conversation = useMemo(() => client.conversation(conversationId), [client, conversationId])
  const state = useSyncExternalStore(conversation.subscribe, conversation.getSnapshot, getNothing)
  return useMemo(() => {
    const { send, stop, answer } = conversation
    return { ...state, send, stop, answer }
  }, [state, conversation])
}
