import type { PromptMessage } from '../model.ts'

/**
 * Whether the model is about to go on with a turn of calls that does not begin with thinking of its own: the calls come
 * from a transcript, or from another model.
 */
export function startsUnthought(prompt: readonly PromptMessage[]): boolean {
  if (prompt.at(-1)?.role !== 'tool') return false
  const turn = prompt.slice(prompt.findLastIndex(({ role }) => role === 'user') + 1)
  const first = turn.find(
    (message) => message.role === 'assistant' && message.parts.some(({ type }) => type === 'call'),
  )
  const begun = first?.role === 'assistant' ? first.parts[0] : undefined
  return begun?.type !== 'reasoning' || begun.metadata?.['anthropic'] === undefined
}
