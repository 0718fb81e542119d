import type { PromptMessage } from '../model.ts'

/**
 * Moves the results of calls right after their calls, in order, because all providers refuse anything in between. A
 * result without its call is left out.
 */
export function resultsAfterCalls(prompt: readonly PromptMessage[]): readonly PromptMessage[] {
  const results = new Map(prompt.flatMap((each) => (each.role === 'tool' ? [[each.callId, each] as const] : [])))
  const take = (callId: string) => {
    const result = results.get(callId)
    results.delete(callId)
    return result === undefined ? [] : [result]
  }
  return prompt.flatMap((message): readonly PromptMessage[] => {
    if (message.role === 'tool') return []
    if (message.role !== 'assistant') return [message]
    return [message, ...message.parts.flatMap((part) => (part.type === 'call' ? take(part.callId) : []))]
  })
}
