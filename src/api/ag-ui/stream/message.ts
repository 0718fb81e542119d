import { endUserMessages } from '../../../conversation/end-user-view.ts'
import type { Activity, Message } from '../../../conversation/message.ts'
import { isRecord, stringifyJson } from '../../../kernel/json.ts'
import { keptContent } from '../content.ts'

/** A message of AG-UI, as a snapshot has it. */
export interface AgUiMessage {
  readonly id: string
  readonly role: 'user' | 'assistant' | 'tool' | 'reasoning'
  readonly content?: unknown
  readonly toolCalls?: readonly ToolCall[]
  readonly toolCallId?: string
}

/** A message that a client has, as far as it matters to what a snapshot does to it. */
export type HeldMessage = Pick<AgUiMessage, 'id'> & { readonly role: string }

interface ToolCall {
  readonly id: string
  readonly type: 'function'
  readonly function: { readonly name: string; readonly arguments: string }
}

/**
 * What the message means for the assistant's message that calls which follow belong to: null, the next call begins one of its own.
 * The stream and the snapshots go by it, so that both give the same messages.
 */
export function ownerAfter(owner: string | null, message: Message): string | null {
  switch (message.type) {
    case 'bot':
      return message.id
    case 'activity': {
      const call = callOf(message)
      return call?.type === 'request' ? (owner ?? call.id) : null
    }
    case 'user':
    case 'reasoning':
      return null
    default:
      return owner
  }
}

export interface CallActivity {
  readonly type: Activity['type']
  readonly id: string
  readonly name: string
  readonly arguments: string
  readonly result: string
}

/** A function call's request or response. A caller that gives no id gets the message's own. Null: the message is something else. */
export function callOf({ id, type, meta }: Message): CallActivity | null {
  const activity = type === 'activity' ? (meta?.['activity'] as Activity | undefined) : undefined
  if (activity === undefined) return null
  const { name, arguments: given, result } = activity.function
  return {
    type: activity.type,
    id: activity.id ?? id,
    name,
    arguments: isRecord(given) ? stringifyJson(given) : '{}',
    result: typeof result === 'string' ? result : (stringifyJson(result) ?? ''),
  }
}

/** The messages of a conversation as its end user may see them. */
export function agUiMessages(messages: readonly Message[]): readonly AgUiMessage[] {
  const told: AgUiMessage[] = []
  let owner: string | null = null
  for (const message of endUserMessages(messages)) {
    const before = owner
    owner = ownerAfter(owner, message)
    const call = callOf(message)
    if (call?.type === 'request') addCall(told, call, before ?? call.id)
    else if (call?.type === 'response') addResult(told, call, message.id)
    else told.push(...plain(message))
  }
  return told
}

function plain(message: Message): readonly AgUiMessage[] {
  const { id, text } = message
  if (message.type === 'user') return [{ id, role: 'user', content: keptContent(message.meta) ?? text }]
  if (message.type === 'bot') return [{ id, role: 'assistant', content: text }]
  if (message.type === 'reasoning') return [{ id, role: 'reasoning', content: text }]
  return []
}

function addCall(told: AgUiMessage[], { id, name, arguments: given }: CallActivity, owner: string): void {
  const toolCall: ToolCall = { id, type: 'function', function: { name, arguments: given } }
  const at = told.findLastIndex((message) => message.id === owner && message.role === 'assistant')
  const message = told[at]
  if (message === undefined) told.push({ id: owner, role: 'assistant', toolCalls: [toolCall] })
  else told[at] = { ...message, toolCalls: [...(message.toolCalls ?? []), toolCall] }
}

/** Behind the message with its call and the results that are there, as clients put it. */
function addResult(told: AgUiMessage[], { id: toolCallId, result }: CallActivity, id: string): void {
  const owner = told.findIndex(({ toolCalls = [] }) => toolCalls.some((call) => call.id === toolCallId))
  let at = owner === -1 ? told.length : owner + 1
  if (owner !== -1) while (told[at]?.role === 'tool') at += 1
  told.splice(at, 0, { id, role: 'tool', toolCallId, content: result })
}
