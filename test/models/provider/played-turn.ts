import type { AssistantPart, ModelPart, PromptMessage } from '../../../src/models/model.ts'

/**
 * What a worker makes of a call: the model's message as it is sent back, each block with what its provider wants with
 * it. Calls get ids of ours: `ours_1`, `ours_2`, …
 */
export function playedTurn(parts: readonly ModelPart[]): PromptMessage {
  const blocks: AssistantPart[] = []
  let calls = 0
  let isOpen = false
  for (const part of parts) {
    const last = blocks.at(-1)
    if (part.type === 'text' || part.type === 'reasoning') {
      if (isOpen && last?.type === part.type) blocks[blocks.length - 1] = { ...last, text: last.text + part.text }
      else blocks.push({ type: part.type, text: part.text })
      isOpen = true
    }
    if (part.type === 'metadata') {
      if (isOpen && last?.type === part.of) blocks[blocks.length - 1] = { ...last, metadata: part.metadata }
      else blocks.push({ type: part.of, text: '', metadata: part.metadata })
      isOpen = false
    }
    if (part.type === 'call') {
      const { name, metadata } = part
      const told = { callId: `ours_${++calls}`, name, arguments: readable(part.arguments) }
      blocks.push({ type: 'call', ...told, ...(metadata !== undefined && { metadata }) })
      isOpen = false
    }
  }
  return { role: 'assistant', parts: blocks }
}

function readable(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
