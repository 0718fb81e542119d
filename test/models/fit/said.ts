import type { AssistantPart, PromptMessage, ProviderMetadata } from '../../../src/models/model.ts'
import type { SentTo } from './sent.ts'

export const user = (text: string): PromptMessage => ({ role: 'user', text })
export const bot = (text: string): PromptMessage => ({ role: 'assistant', parts: [{ type: 'text', text }] })
export const system = (text: string): PromptMessage => ({ role: 'system', text })

export const look = { name: 'look', description: 'Looks.', parameters: { type: 'object' } }

export function result(callId = 'call_0123456789'): PromptMessage {
  return { role: 'tool', callId, name: 'look', result: 'dry' }
}

export function calling(before: readonly AssistantPart[] = [], callId = 'call_0123456789'): PromptMessage {
  return { role: 'assistant', parts: [...before, { type: 'call', callId, name: 'look', arguments: {} }] }
}

export function thought(text: string, metadata?: ProviderMetadata): AssistantPart {
  return { type: 'reasoning', text, ...(metadata && { metadata }) }
}
export const signed = thought('Hm.', { anthropic: { signature: 'c2ln' } })
export const sealed = thought('', { openai: { itemId: 'rs_1', reasoningEncryptedContent: 'abc' } })

/** What is sent, and what of it the provider gets to see. */
export type HistoryCase = readonly [what: string, to: SentTo, prompt: readonly PromptMessage[], sent: readonly object[]]
