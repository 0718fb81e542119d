import { visibleEntries } from '../../../access/permission.ts'
import type { Principal } from '../../../access/principal.ts'
import type { LogEntry } from '../../../channel/channel.ts'
import { attachmentOf } from '../../../conversation/attachment.ts'
import type { Activity, Message, MessageType } from '../../../conversation/message.ts'
import { stringifyJson } from '../../../kernel/json.ts'
import { ownItemId } from './item-id.ts'
import { spokenItem, spokenPrefix } from './output-item.ts'

/** An item of a response's input. */
export interface InputItemView {
  readonly id: string
  readonly type: string
  readonly [field: string]: unknown
}

/** What a response was given to go on from, oldest first: the transcript before it, and its own input. */
export function inputItems(facts: readonly LogEntry[], principal: Principal): readonly InputItemView[] {
  let before: readonly Message[] = []
  const own: Message[] = []
  for (const { event } of visibleEntries(principal, facts)) {
    if (event.type === 'transcript-taken') before = event.messages
    else if (event.type === 'dispatch-queued' || event.type === 'messages-added') own.push(...event.messages)
    else if (event.type === 'message-completed' && attachmentOf(event.message) !== null) own.push(event.message)
  }
  return [...before, ...own].map(itemOf)
}

const roles: Readonly<Record<Exclude<MessageType, 'bot' | 'reasoning' | 'activity'>, 'user' | 'developer' | 'system'>> =
  {
    user: 'user',
    context: 'developer',
    instruction: 'developer',
    checkpoint: 'developer',
    backstory: 'system',
  }

function itemOf(message: Message): InputItemView {
  const { id, type, text } = message
  if (type === 'bot' || type === 'reasoning') {
    const own = ownItemId(spokenPrefix(type), id)
    return { ...spokenItem(type, own, { text, status: 'completed' }) }
  }
  // Checked where the message came in.
  if (type === 'activity') return activityItem(id, message.meta?.['activity'] as Activity)
  const attachment = attachmentOf(message)
  const [role, content] =
    attachment === null
      ? [roles[type], { type: 'input_text', text }]
      : (['user', fileContent(attachment.url, attachment.mediaType)] as const)
  return { id, type: 'message', role, status: 'completed', content: [content] }
}

function fileContent(url: string, mediaType: string | null) {
  if (mediaType?.startsWith('image/')) return { type: 'input_image', image_url: url, file_id: null, detail: 'auto' }
  return { type: 'input_file', file_url: url }
}

function activityItem(id: string, { type, id: callId = id, function: called }: Activity): InputItemView {
  const head = { id, call_id: callId, status: 'completed' }
  if (type === 'request') {
    return { ...head, type: 'function_call', name: called.name, arguments: stringifyJson(called.arguments ?? {}) }
  }
  const { result = null } = called
  return { ...head, type: 'function_call_output', output: typeof result === 'string' ? result : stringifyJson(result) }
}
