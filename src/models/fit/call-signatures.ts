import type { AssistantPart, PromptMessage } from '../model.ts'
import type { HistoryRules } from './history-rules.ts'

/** What Gemini takes for calls that it did not make itself: https://ai.google.dev/gemini-api/docs/thought-signatures */
const stranger = { compatible: { thoughtSignature: 'skip_thought_signature_validator' } } as const

/** Strict servers refuse a field that they do not know; Gemini refuses calls without it. */
export function fitSignatures(
  prompt: readonly PromptMessage[],
  rule: HistoryRules['signatures'],
): readonly PromptMessage[] {
  if (rule === 'given') return prompt
  return prompt.map((message) => {
    if (message.role !== 'assistant') return message
    const first = rule === 'none' ? undefined : message.parts.find(({ type }) => type === 'call')
    const fit = (part: AssistantPart) => (part === first ? signed(part) : rule === 'none' ? unsigned(part) : part)
    return { ...message, parts: message.parts.map(fit) }
  })
}

function unsigned(part: AssistantPart): AssistantPart {
  if (part.type !== 'call' || part.metadata === undefined) return part
  const { metadata: _signature, ...bare } = part
  return bare
}

function signed(part: AssistantPart): AssistantPart {
  return part.metadata?.['compatible']?.['thoughtSignature'] === undefined ? { ...part, metadata: stranger } : part
}
