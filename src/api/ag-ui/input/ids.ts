import { digest } from '../../../conversation/digest.ts'
import { type ChannelId, type ConversationId, parseChannelId, parseConversationId } from '../../../kernel/ids.ts'

/** The conversation of a thread: its id, if it can be one of ours; else an id that follows from it. */
export function conversationOf(threadId: string): ConversationId {
  const id = parseConversationId(threadId) ?? parseConversationId(`thread_${digest(threadId)}`)
  if (id === null) throw new Error('A digest has the form of a conversation id.')
  return id
}

/** The channel of the dispatch that a run begins. It follows from both ids, so that a run is known again by any process. */
export function channelOf(conversation: ConversationId, runId: string): ChannelId {
  const id = parseChannelId(`agui_${digest({ conversation, runId })}`)
  if (id === null) throw new Error('A digest has the form of a channel id.')
  return id
}
