import { resultOf } from './activity.ts'
import { attachmentOf } from './attachment.ts'
import type { ProviderMetadata, ProviderPart } from './event.ts'
import { asksToGoOn, type Turn } from './fold.ts'
import type { Activity, Message } from './message.ts'

/** What a model is given, in the order of the conversation; a system message only comes first. */
export type PromptMessage =
  | { readonly role: 'system'; readonly text: string }
  | { readonly role: 'user'; readonly text: string; readonly files?: readonly FilePart[] }
  | { readonly role: 'assistant'; readonly parts: readonly AssistantPart[] }
  | { readonly role: 'tool'; readonly callId: string; readonly name: string; readonly result: unknown }

/** A file that goes with the text, for models that take it. */
export interface FilePart {
  readonly fileId: string
  readonly mediaType: string
  /** Its content; until that has been got, the part is left out. */
  readonly content?: Uint8Array
}

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
      if (readActivity(messages[index - 1])?.type !== 'request') prompt.push(...calls.groupAt(index))
    } else if (message.text.trim() === '') {
    } else if (message.type === 'reasoning') {
      reasoning = [...reasoning, { type: 'reasoning', text: message.text }]
    } else if (message.type === 'bot') {
      prompt.push({ role: 'assistant', parts: [...reasoning, { type: 'text', text: message.text }] })
      reasoning = []
    } else if (message.type !== 'backstory') {
      prompt.push({ role: 'user', text: inUsersPlace(message), ...filesOf(message) })
      reasoning = []
    }
  }
  const taken = new Set<string>()
  for (const turn of turns) {
    const ids = callIds(turn, taken)
    const parts = assistantParts(turn, ids)
    if (parts.length > 0) prompt.push({ role: 'assistant', parts })
    prompt.push(...results(turn, ids))
  }
  if (asksToGoOn(turns.at(-1))) prompt.push({ role: 'user', text: continuationNotice })
  return prompt
}

/** The provider's own id of each call, or ours where the provider has used its own before. */
function callIds(turn: Turn, taken: Set<string>): ReadonlyMap<string, string> {
  return new Map(
    turn.calls.map(({ call, providerCallId }) => {
      const id = providerCallId === '' || taken.has(providerCallId) ? call.id : providerCallId
      taken.add(id)
      return [call.id, id]
    }),
  )
}

/** The model's own turn, given back as its provider wants it. */
function assistantParts(turn: Turn, ids: ReadonlyMap<string, string>): readonly AssistantPart[] {
  const texts = new Map(turn.messages.map(({ id, text }) => [id, text]))
  const calls = new Map(turn.calls.map(({ call }) => [call.id, call]))
  return (turn.parts ?? plainParts(turn)).flatMap((part): readonly AssistantPart[] => {
    const metadata = part.metadata === null ? {} : { metadata: part.metadata }
    if (part.type === 'call') {
      const call = calls.get(part.callId)
      if (call === undefined) return []
      const callId = ids.get(call.id) ?? call.id
      return [{ type: 'call', callId, name: call.name, arguments: call.arguments ?? {}, ...metadata }]
    }
    const text = texts.get(part.messageId ?? '') ?? ''
    return text === '' && part.metadata === null ? [] : [{ type: part.type, text, ...metadata }]
  })
}

function plainParts({ messages, calls }: Turn): readonly ProviderPart[] {
  return [
    ...messages.map(({ id, type }) => {
      return { type: type === 'bot' ? 'text' : 'reasoning', messageId: id, metadata: null } as const
    }),
    ...calls.map(({ call }) => ({ type: 'call', callId: call.id, metadata: null }) as const),
  ]
}

/** What each call of the turn came to, as the model is told. Calls without an outcome are on their way to the run's caller. */
function results({ calls }: Turn, ids: ReadonlyMap<string, string>): readonly PromptMessage[] {
  return calls.flatMap(({ call, outcome }) => {
    if (outcome === null) return []
    return [{ role: 'tool', callId: ids.get(call.id) ?? call.id, name: call.name, result: resultOf(outcome) }]
  })
}

function filesOf(message: Message): { readonly files?: readonly FilePart[] } {
  const { fileId = null, mediaType = null } = attachmentOf(message) ?? {}
  return fileId === null || mediaType === null ? {} : { files: [{ fileId, mediaType }] }
}

function inUsersPlace(message: Message): string {
  return message.type === 'checkpoint' ? `Checkpoint: ${message.text}` : message.text
}

/**
 * Gives each request and the first later response to it, not taken yet, a call id in common: by the call's id where both
 * tell it, else by the function's name. A group of requests that follow each other becomes one message of the assistant's
 * with their results behind it, as providers want it, wherever the responses stand. Without a response there is no call.
 */
function pairActivities(messages: readonly Message[]) {
  const activities = messages.map(readActivity)
  const responses = new Map<number, number>()
  const taken = new Set<number>()
  for (const [index, request] of activities.entries()) {
    if (request?.type !== 'request') continue
    const answer = activities.findIndex((other, at) => {
      if (at <= index || other?.type !== 'response' || taken.has(at)) return false
      if (other.function.name !== request.function.name) return false
      return request.id === undefined || other.id === undefined || request.id === other.id
    })
    if (answer === -1) continue
    taken.add(answer)
    responses.set(index, answer)
  }

  const groupAt = (first: number): readonly PromptMessage[] => {
    const parts: AssistantPart[] = []
    const results: PromptMessage[] = []
    for (let at = first; activities[at]?.type === 'request'; at++) {
      const response = activities[responses.get(at) ?? -1]
      const request = activities[at]
      if (request == null || response == null) continue
      const { name } = request.function
      const callId = `call_${at}`
      parts.push({ type: 'call', callId, name, arguments: request.function.arguments ?? {} })
      results.push({ role: 'tool', callId, name, result: response.function.result ?? null })
    }
    return parts.length === 0 ? [] : [{ role: 'assistant', parts }, ...results]
  }
  return { groupAt }
}

function readActivity(message: Message | undefined): Activity | null {
  if (message?.type !== 'activity') return null
  // Checked where the message came in: `activityMeta` in dispatch-input.ts.
  return (message.meta?.['activity'] as Activity | undefined) ?? null
}
