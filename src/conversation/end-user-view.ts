import { attachmentOf } from './attachment.ts'
import type { ChannelEvent } from './event.ts'
import type { Message, MessageType } from './message.ts'

/** What an end user may see of each kind of message: add a kind and the compiler asks for it here. */
const sight: Record<MessageType, 'all' | 'attachment' | 'nothing'> = {
  user: 'all',
  bot: 'all',
  reasoning: 'all',
  activity: 'all',
  checkpoint: 'all',
  context: 'attachment',
  instruction: 'nothing',
  backstory: 'nothing',
}

/** The messages without what was meant for the model alone; order and ids stay. */
export function endUserMessages<Kind extends Message>(messages: readonly Kind[]): readonly Kind[] {
  return messages.flatMap((message) => endUserMessage(message) ?? [])
}

/** Of context only that there is an attachment, not what the model was told of it. Null: nothing of it may be seen. */
function endUserMessage<Kind extends Message>(message: Kind): Kind | null {
  if (sight[message.type] === 'all') return message
  const attachment = sight[message.type] === 'attachment' ? attachmentOf(message) : null
  return attachment === null ? null : { ...message, text: '', meta: { attachment } }
}

/** The event as an end user may see it; null: not at all. */
export function endUserEvent(event: ChannelEvent): ChannelEvent | null {
  if (event.type === 'dispatch-queued') return { type: event.type, messages: endUserMessages(event.messages) }
  if (event.type !== 'message-completed') return event
  const message = endUserMessage(event.message)
  return message === null ? null : { ...event, message }
}
