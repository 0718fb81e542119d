import { seesAccount } from '../../access/permission.ts'
import type { Principal } from '../../access/principal.ts'
import { attachmentOf } from '../../conversation/attachment.ts'
import { endUserMessages } from '../../conversation/end-user-view.ts'
import type { Activity } from '../../conversation/message.ts'
import type { ViewMessage } from '../../conversation/view.ts'
import { conversationMessages, findLine } from '../../dispatch/line/read-conversation.ts'
import { parseConversationId } from '../../kernel/ids.ts'
import { requireConversation } from '../facade/caller.ts'
import type { Services } from '../services.ts'
import { newestAnswer } from './answer.ts'
import { errorOf } from './chunk.ts'

export interface HistoryMessage {
  readonly id: string
  readonly role: 'user' | 'assistant'
  readonly parts: readonly Part[]
}

type Part = { readonly type: string } & Readonly<Record<string, unknown>>

/**
 * What a conversation has said, as useChat takes it at its beginning. The newest answer has the id under which its stream is told, so that
 * the stream takes its place.
 */
export async function historyOf(
  services: Services,
  principal: Principal,
  id: string,
): Promise<readonly HistoryMessage[]> {
  requireConversation(principal, id, 'read')
  const conversation = parseConversationId(id)
  const line = conversation === null ? null : await findLine(services, { account: principal.account, conversation })
  if (line === null) return []
  const said = await conversationMessages(services, line)
  const grouped = groups(seesAccount(principal) ? said : endUserMessages(said))
  const answer = await newestAnswer(services, line.key)
  const last = grouped.at(-1)
  if (answer === null || last?.role !== 'assistant') return grouped
  return [...grouped.slice(0, -1), { ...last, id: answer.messageId }]
}

/** Each message of the user, and between them what the assistant has said and done. */
function groups(messages: readonly ViewMessage[]): readonly HistoryMessage[] {
  const found: { id: string; role: 'user' | 'assistant'; parts: Part[] }[] = []
  for (const message of messages) {
    const role = message.type === 'user' ? 'user' : 'assistant'
    const parts = found.at(-1)?.parts ?? []
    const told = partOf(message, parts)
    if (told === null) continue
    const last = found.at(-1)
    if (role === 'user' || last?.role !== 'assistant') found.push({ id: message.id, role, parts: [told] })
    else last.parts.push(told)
  }
  return found
}

/** Null for what is no part of its own. The result of a call goes into the part of the call. */
function partOf(message: ViewMessage, before: Part[]): Part | null {
  const { type, text, isComplete } = message
  const state = isComplete ? 'done' : 'streaming'
  if (type === 'user') return { type: 'text', text }
  if (type === 'bot') return { type: 'text', text, state }
  if (type === 'reasoning') return { type: 'reasoning', text, state }
  const attachment = attachmentOf(message)
  if (attachment !== null) {
    const { url, mediaType, bytes } = attachment
    return { type: 'data-attachment', id: message.id, data: { url, mediaType, bytes } }
  }
  return type === 'activity' ? toolPart(message.meta?.['activity'] as Activity, before) : null
}

function toolPart({ type, id: toolCallId = '', function: called }: Activity, before: Part[]): Part | null {
  const { name: toolName, arguments: input = null, result: output = null } = called
  const part = { type: 'dynamic-tool', toolName, toolCallId, input }
  if (type === 'request') return { ...part, state: 'input-available' }
  const at = before.findIndex((each) => each['toolCallId'] === toolCallId)
  const errorText = errorOf(output)
  const outcome = errorText === null ? { state: 'output-available', output } : { state: 'output-error', errorText }
  if (at !== -1) before[at] = { ...part, ...outcome }
  return null
}
