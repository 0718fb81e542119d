import { attachmentOf } from '../attachment.ts'
import type { EarlierTurn } from '../event.ts'
import { asksToGoOn, type Turn } from '../fold.ts'
import type { Message } from '../message.ts'
import { pairActivities } from './activity-pairs.ts'
import { earlierPrompt } from './earlier-prompt.ts'
import type { AssistantPart, FilePart, PromptMessage } from './prompt-message.ts'
import { turnPrompt } from './turn-prompt.ts'

/** What a model whose output was cut, or empty, is told after everything it has said so far. */
export const continuationNotice = 'Continue exactly where you stopped, without repeating anything.'

export interface PromptInput {
  /** The dispatch's own backstory; without one, the last message of type `backstory` takes its place. */
  readonly backstory: string | null
  readonly messages: readonly Message[]
  readonly turns: readonly Turn[]
  /** Turns among the messages. Those of another provider than `provider` are told as messages. */
  readonly earlier?: readonly EarlierTurn[]
  /** Who is to read the prompt. */
  readonly provider?: string
}

/**
 * The conversation as a model reads it. Roles: `user`, `context`, `instruction` and `checkpoint` are the user's,
 * `bot` is the assistant's, `reasoning` belongs to what the assistant says or calls next, `backstory` is the system message,
 * and an `activity` request with its response is a call and its result. Left out: messages without text, and
 * activities without their other half, which providers refuse.
 */
export function toPrompt({
  backstory,
  messages,
  turns,
  earlier = [],
  provider,
}: PromptInput): readonly PromptMessage[] {
  const system = backstory ?? messages.findLast((message) => message.type === 'backstory')?.text ?? ''
  const prompt: PromptMessage[] = system.trim() === '' ? [] : [{ role: 'system', text: system }]
  const calls = pairActivities(messages)
  const own = earlier.filter((turn) => turn.provider === provider)
  const before = earlierPrompt(own, messages, calls)
  const taken = new Set<string>()
  let reasoning: readonly AssistantPart[] = []

  for (const [index, message] of messages.entries()) {
    const turn = before.turns.get(index)
    if (turn !== undefined) {
      prompt.push(...turnPrompt(turn, taken))
      reasoning = []
    }
    if (before.members.has(index)) continue
    if (message.type === 'activity') {
      const group = calls.groupAt(index, reasoning, before.members)
      if (group.length > 0) reasoning = []
      prompt.push(...group)
    } else if (message.text.trim() === '') {
    } else if (message.type === 'reasoning') {
      reasoning = [...reasoning, { type: 'reasoning', text: message.text }]
    } else if (message.type === 'bot') {
      prompt.push({ role: 'assistant', parts: [...reasoning, { type: 'text', text: message.text }] })
      reasoning = []
    } else if (message.type !== 'backstory') {
      prompt.push(usersPrompt(message))
      reasoning = []
    }
  }
  for (const turn of turns) {
    prompt.push(...turnPrompt(turn, taken))
    for (const message of turn.added) prompt.push(...addedPrompt(message))
  }
  if (asksToGoOn(turns.at(-1))) prompt.push({ role: 'user', text: continuationNotice })
  return prompt
}

/** A message that was handed to the run between two turns. Only types that stand for themselves are taken there. */
function addedPrompt(message: Message): readonly PromptMessage[] {
  if (message.text.trim() === '') return []
  if (message.type !== 'bot') return [usersPrompt(message)]
  return [{ role: 'assistant', parts: [{ type: 'text', text: message.text }] }]
}

function usersPrompt(message: Message): PromptMessage {
  return { role: 'user', text: inUsersPlace(message), ...filesOf(message) }
}

function filesOf(message: Message): { readonly files?: readonly FilePart[] } {
  const { fileId = null, mediaType = null } = attachmentOf(message) ?? {}
  return fileId === null || mediaType === null ? {} : { files: [{ fileId, mediaType }] }
}

function inUsersPlace(message: Message): string {
  return message.type === 'checkpoint' ? `Checkpoint: ${message.text}` : message.text
}
