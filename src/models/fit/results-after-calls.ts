import type { PromptMessage } from '../model.ts'

type Result = Extract<PromptMessage, { role: 'tool' }>

/**
 * Moves the results of calls right after their calls, in order, because all providers refuse anything in between. A
 * result without its call is left out. Of several calls with one id, each gets the result that comes at its turn: providers
 * repeat their ids from answer to answer.
 */
export function resultsAfterCalls(prompt: readonly PromptMessage[]): readonly PromptMessage[] {
  const results = new Map<string, Result[]>()
  for (const message of prompt) {
    if (message.role === 'tool') results.set(message.callId, [...(results.get(message.callId) ?? []), message])
  }
  const take = (callId: string): readonly PromptMessage[] => {
    const result = results.get(callId)?.shift()
    return result === undefined ? [] : [result]
  }
  return prompt.flatMap((message): readonly PromptMessage[] => {
    if (message.role === 'tool') return []
    if (message.role !== 'assistant') return [message]
    return [message, ...message.parts.flatMap((part) => (part.type === 'call' ? take(part.callId) : []))]
  })
}
