import { hash } from 'node:crypto'
import type { PromptMessage } from '../model.ts'
import { callIdRules, type HistoryRules } from './history-rules.ts'

/** Ids of calls as the provider takes them; each stays with its result, and no two become one. */
export function fitCallIds(prompt: readonly PromptMessage[], rule: HistoryRules['callIds']): readonly PromptMessage[] {
  const known = new Map<string, string>()
  const taken = new Set<string>()
  const fitId = (id: string): string => {
    const before = known.get(id)
    if (before !== undefined) return before
    let fitting = fittingId(id, rule)
    for (let round = 1; taken.has(fitting); round++) fitting = derivedId(`${id} ${round}`, rule)
    known.set(id, fitting)
    taken.add(fitting)
    return fitting
  }
  return prompt.map((message) => {
    if (message.role === 'tool') return { ...message, callId: fitId(message.callId) }
    if (message.role !== 'assistant') return message
    return {
      ...message,
      parts: message.parts.map((part) => (part.type === 'call' ? { ...part, callId: fitId(part.callId) } : part)),
    }
  })
}

function fittingId(id: string, rule: HistoryRules['callIds']): string {
  return callIdRules[rule].fits.test(id) ? id : derivedId(id, rule)
}

/** The same for the same id, so that what a provider has cached of a prompt stays good. */
function derivedId(id: string, rule: HistoryRules['callIds']): string {
  const { prefix, length } = callIdRules[rule]
  return prefix + hash('sha256', id, 'hex').slice(0, length)
}
