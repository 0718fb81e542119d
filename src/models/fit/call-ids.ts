import { hash } from 'node:crypto'
import type { PromptMessage } from '../model.ts'
import { callIdRules, type HistoryRules } from './history-rules.ts'

/** Rewrites call ids for the provider. A call and its result keep the same id, and two ids never become one. */
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

/** Always the same for the same id, so that a provider's prompt cache stays valid. */
function derivedId(id: string, rule: HistoryRules['callIds']): string {
  const { prefix, length } = callIdRules[rule]
  return prefix + hash('sha256', id, 'hex').slice(0, length)
}
