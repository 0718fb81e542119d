import { attachmentOf } from './attachment.ts'
import type { ChannelEvent, EventOf } from './event.ts'
import { handleEvent } from './event-table.ts'
import { type FilteredType, visibilityOf } from './event-traits.ts'
import type { Message, MessageType } from './message.ts'

/** What an end user sees of each kind of message. */
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

/** The messages without what is meant for the model alone. Order and ids stay. */
export function endUserMessages<Kind extends Message>(messages: readonly Kind[]): readonly Kind[] {
  return messages.flatMap((message) => endUserMessage(message) ?? [])
}

/** Context shows only that there is an attachment, not what the model was told of it. Null: nothing is visible. */
function endUserMessage<Kind extends Message>(message: Kind): Kind | null {
  if (sight[message.type] === 'all') return message
  const attachment = sight[message.type] === 'attachment' ? attachmentOf(message) : null
  return attachment === null ? null : { ...message, text: '', meta: { attachment } }
}

/** The filtered kinds, as an end user sees them. */
const filters: { readonly [Type in FilteredType]: (event: EventOf<Type>) => ChannelEvent | null } = {
  'dispatch-queued': ({ type, messages }) => ({ type, messages: endUserMessages(messages) }),
  'transcript-taken': ({ type, messages }) => ({ type, messages: endUserMessages(messages) }),
  'messages-added': ({ type, messages }) => {
    const visible = endUserMessages(messages)
    return visible.length === 0 ? null : { type, messages: visible }
  },
  'message-completed': (event) => {
    const message = endUserMessage(event.message)
    return message === null ? null : { ...event, message }
  },
}

/** The event as an end user sees it. Null: it is hidden, as is every kind without a visibility of its own. */
export function endUserEvent(event: ChannelEvent): ChannelEvent | null {
  const visibility = visibilityOf(event.type)
  if (visibility === 'whole') return event
  return visibility === 'filtered' ? (handleEvent(filters, event as EventOf<FilteredType>) ?? null) : null
}
