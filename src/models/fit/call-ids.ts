import { hash } from 'node:crypto'
import type { AssistantPart, PromptMessage } from '../model.ts'
import { callIdRules, type HistoryRules } from './history-rules.ts'

type Result = Extract<PromptMessage, { role: 'tool' }>

/**
 * Rewrites call ids for the provider, in a conversation whose results follow their calls. A call and its result keep one
 * id, and no two calls have the same: providers repeat their ids from answer to answer, and refuse that in a request.
 */
export function fitCallIds(prompt: readonly PromptMessage[], rule: HistoryRules['callIds']): readonly PromptMessage[] {
  const taken = new Set<string>()
  /** By the ids as they were, those of the calls whose results are still to come. */
  const open = new Map<string, string[]>()
  const begin = (part: AssistantPart): AssistantPart => {
    if (part.type !== 'call') return part
    let fitting = fittingId(part.callId, rule)
    for (let round = 1; taken.has(fitting); round++) fitting = derivedId(`${part.callId} ${round}`, rule)
    taken.add(fitting)
    open.set(part.callId, [...(open.get(part.callId) ?? []), fitting])
    return { ...part, callId: fitting }
  }
  const end = (message: Result): Result => {
    return { ...message, callId: open.get(message.callId)?.shift() ?? fittingId(message.callId, rule) }
  }
  return prompt.map((message) => {
    if (message.role === 'tool') return end(message)
    if (message.role !== 'assistant') return message
    // Whatever had no result by now gets none.
    open.clear()
    return { ...message, parts: message.parts.map(begin) }
  })
}

function fittingId(id: string, rule: HistoryRules['callIds']): string {
  return callIdRules[rule].fits.test(id) ? id : derivedId(id, rule)
}

/** Always the same for the same id, so that a provider's prompt cache stays valid. */
function derivedId(id: string, rule: HistoryRules['callIds']): string {
  const { prefix, length } = callIdRules[rule]
  return prefix + hash('sha256', id, 'hex').slice(0, length)
}
