import type { AssistantPart, PromptMessage } from '../model.ts'
import type { HistoryRules } from './history-rules.ts'

/** Keeps the reasoning that the provider wants back, and removes blank texts. */
export function fitReasoning(
  prompt: readonly PromptMessage[],
  rule: HistoryRules['reasoning'],
): readonly PromptMessage[] {
  return prompt.flatMap((message): readonly PromptMessage[] => {
    if (message.role !== 'assistant') return [message]
    const parts = fitters[rule](message.parts.filter((part) => part.type !== 'text' || part.text.trim() !== ''))
    return parts.length === 0 ? [] : [{ ...message, parts }]
  })
}

type Parts = readonly AssistantPart[]

const fitters: Record<HistoryRules['reasoning'], (parts: Parts) => Parts> = {
  none: (parts) => parts.filter(({ type }) => type !== 'reasoning'),
  signed: (parts) =>
    withoutLooseEnd(parts.filter(({ type, metadata }) => type !== 'reasoning' || metadata !== undefined)),
  words,
  required(parts) {
    const spoken = words(parts)
    const isMissing = spoken.some(({ type }) => type === 'call') && spoken.every(({ type }) => type !== 'reasoning')
    // The field must be present and not empty.
    return isMissing ? [{ type: 'reasoning', text: ' ' }, ...spoken] : spoken
  },
}

function words(parts: Parts): Parts {
  return parts.filter((part) => part.type !== 'reasoning' || part.text.trim() !== '')
}

/**
 * A turn that was cut while the model was thinking ends with reasoning. OpenAI refuses reasoning "without its required
 * following item", and Anthropic refuses a message that ends with thinking.
 */
function withoutLooseEnd(parts: Parts): Parts {
  return parts.slice(0, parts.findLastIndex(({ type }) => type !== 'reasoning') + 1)
}
