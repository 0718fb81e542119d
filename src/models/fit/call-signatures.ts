import type { AssistantPart, PromptMessage } from '../model.ts'
import type { HistoryRules } from './history-rules.ts'

/** What Gemini takes for calls that it did not make itself: https://ai.google.dev/gemini-api/docs/thought-signatures */
const stranger = { compatible: { thoughtSignature: 'skip_thought_signature_validator' } } as const

/** Gives the first call of each message a signature, where the model refuses calls without. */
export function fitSignatures(
  prompt: readonly PromptMessage[],
  rule: HistoryRules['signatures'],
): readonly PromptMessage[] {
  if (rule === 'given') return prompt
  return prompt.map((message) => {
    if (message.role !== 'assistant') return message
    const first = message.parts.find(({ type }) => type === 'call')
    return { ...message, parts: message.parts.map((part) => (part === first ? signed(part) : part)) }
  })
}

function signed(part: AssistantPart): AssistantPart {
  return part.metadata?.['compatible']?.['thoughtSignature'] === undefined ? { ...part, metadata: stranger } : part
}
