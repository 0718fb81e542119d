import type { ProviderMetadata } from './event.ts'
import { isEmpty, type Turn } from './fold.ts'
import type { Activity, Message } from './message.ts'

/** What a model is given, in the order of the conversation; a system message only comes first. */
export type PromptMessage =
  | { readonly role: 'system'; readonly text: string }
  | { readonly role: 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly parts: readonly AssistantPart[] }
  | { readonly role: 'tool'; readonly callId: string; readonly name: string; readonly result: unknown }

export type AssistantPart =
  | { readonly type: 'text'; readonly text: string; readonly metadata?: ProviderMetadata }
  | { readonly type: 'reasoning'; readonly text: string; readonly metadata?: ProviderMetadata }
  | {
      readonly type: 'call'
      /** Unique within the prompt; its result has the same. */
      readonly callId: string
      readonly name: string
      readonly arguments: unknown
      readonly metadata?: ProviderMetadata
    }

/** What a model whose output was cut, or empty, is told after everything it has said so far. */
export const continuationNotice = 'Continue exactly where you stopped, without repeating anything.'

export interface PromptInput {
  /** The dispatch's own backstory; without one, the last message of type `backstory` takes its place. */
  readonly backstory: string | null
  readonly messages: readonly Message[]
  readonly turns: readonly Turn[]
}

/**
 * The conversation as a model reads it. Roles: `user`, `context`, `instruction` and `checkpoint` are the user's,
 * `bot` is the assistant's, `reasoning` belongs to the assistant's next message, `backstory` is the system message,
 * and an `activity` request with its response is a call and its result. Left out: messages without text, and
 * activities without their other half, which providers refuse.
 */
export function toPrompt({ backstory, messages, turns }: PromptInput): readonly PromptMessage[] {
  const system = backstory ?? messages.findLast((message) => message.type === 'backstory')?.text ?? ''
  const prompt: PromptMessage[] = system.trim() === '' ? [] : [{ role: 'system', text: system }]
  const calls = pairActivities(messages)
  let reasoning: readonly AssistantPart[] = []

  for (const [index, message] of messages.entries()) {
    if (message.type === 'activity') {
      prompt.push(...activity(message, calls.get(index)))
    } else if (message.text.trim() === '') {
    } else if (message.type === 'reasoning') {
      reasoning = [...reasoning, { type: 'reasoning', text: message.text }]
    } else if (message.type === 'bot') {
      prompt.push({ role: 'assistant', parts: [...reasoning, { type: 'text', text: message.text }] })
      reasoning = []
    } else if (message.type !== 'backstory') {
      prompt.push({ role: 'user', text: inUsersPlace(message) })
      reasoning = []
    }
  }
  for (const turn of turns) {
    const parts = assistantParts(turn)
    if (parts.length > 0) prompt.push({ role: 'assistant', parts })
  }
  const last = turns.at(-1)
  if (last !== undefined && (last.finish === 'length' || isEmpty(last))) {
    prompt.push({ role: 'user', text: continuationNotice })
  }
  return prompt
}

/** The model's own turn, given back as its provider wants it. */
function assistantParts({ messages, parts }: Turn): readonly AssistantPart[] {
  const texts = new Map(messages.map(({ id, text }) => [id, text]))
  const all =
    parts ??
    messages.map(
      ({ id, type }) => ({ type: type === 'bot' ? 'text' : 'reasoning', messageId: id, metadata: null }) as const,
    )
  return all.flatMap(({ type, messageId, metadata }): readonly AssistantPart[] => {
    const text = texts.get(messageId ?? '') ?? ''
    if (metadata !== null) return [{ type, text, metadata }]
    return text === '' ? [] : [{ type, text }]
  })
}

function inUsersPlace(message: Message): string {
  return message.type === 'checkpoint' ? `Checkpoint: ${message.text}` : message.text
}

function activity(message: Message, callId: string | undefined): readonly PromptMessage[] {
  const activity = readActivity(message)
  if (activity === null || callId === undefined) return []
  const { name } = activity.function
  if (activity.type === 'response') return [{ role: 'tool', callId, name, result: activity.function.result ?? null }]
  return [{ role: 'assistant', parts: [{ type: 'call', callId, name, arguments: activity.function.arguments ?? {} }] }]
}

/** Gives each request and the first later response of the same function, not taken yet, a call id in common. */
function pairActivities(messages: readonly Message[]): ReadonlyMap<number, string> {
  const ids = new Map<number, string>()
  const waiting = new Map<string, number[]>()
  for (const [index, message] of messages.entries()) {
    const activity = readActivity(message)
    if (activity === null) continue
    const { name } = activity.function
    if (activity.type === 'request') {
      waiting.set(name, [...(waiting.get(name) ?? []), index])
    } else {
      const request = waiting.get(name)?.shift()
      if (request === undefined) continue
      ids.set(request, `call_${request}`)
      ids.set(index, `call_${request}`)
    }
  }
  return ids
}

function readActivity(message: Message): Activity | null {
  if (message.type !== 'activity') return null
  // Checked where the message came in: `activityMeta` in dispatch-input.ts.
  return (message.meta?.['activity'] as Activity | undefined) ?? null
}
