import type {
  JSONValue,
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4Prompt,
  LanguageModelV4ReasoningPart,
  LanguageModelV4TextPart,
  LanguageModelV4ToolCallPart,
  LanguageModelV4ToolResultOutput,
  SharedV4ProviderOptions,
} from '@ai-sdk/provider'
import { withRawNumbers } from '../../kernel/json.ts'
import type { AssistantPart, FilePart, PromptMessage, ProviderMetadata } from '../model.ts'

/** The same conversation in the AI SDK's words: message for message, nothing joined and nothing left out. */
export function aiSdkPrompt(prompt: readonly PromptMessage[]): LanguageModelV4Prompt {
  return prompt.map(aiSdkMessage)
}

function aiSdkMessage(message: PromptMessage): LanguageModelV4Message {
  switch (message.role) {
    case 'system':
      return { role: 'system', content: message.text }
    case 'user':
      return {
        role: 'user',
        content: [{ type: 'text', text: message.text }, ...(message.files ?? []).flatMap(filePart)],
      }
    case 'assistant':
      return { role: 'assistant', content: message.parts.map(aiSdkPart) }
    case 'tool':
      return {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: message.callId,
            toolName: message.name,
            output: toolOutput(message.result),
          },
        ],
      }
  }
}

function filePart({ mediaType, content }: FilePart): readonly LanguageModelV4FilePart[] {
  return content === undefined ? [] : [{ type: 'file', mediaType, data: { type: 'data', data: content } }]
}

function aiSdkPart(
  part: AssistantPart,
): LanguageModelV4TextPart | LanguageModelV4ReasoningPart | LanguageModelV4ToolCallPart {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return { type: part.type, text: part.text, ...providerOptions(part.metadata) }
    case 'call':
      return {
        type: 'tool-call',
        toolCallId: part.callId,
        toolName: part.name,
        input: objectOf(withRawNumbers(part.arguments)),
        ...providerOptions(part.metadata),
      }
  }
}

/** Anthropic refuses arguments that are no object; a caller's transcript may hold any. */
function objectOf(value: unknown): object {
  if (value === null || value === undefined) return {}
  return typeof value === 'object' && !Array.isArray(value) ? value : { value }
}

function providerOptions(metadata: ProviderMetadata | undefined): {
  readonly providerOptions?: SharedV4ProviderOptions
} {
  // The cast holds because metadata is kept as the provider's JSON.
  return metadata === undefined ? {} : { providerOptions: metadata as SharedV4ProviderOptions }
}

function toolOutput(result: unknown): LanguageModelV4ToolResultOutput {
  if (typeof result === 'string') return { type: 'text', value: result }
  // The cast holds because a result has been through the log, which keeps nothing but JSON.
  return { type: 'json', value: withRawNumbers(result ?? null) as JSONValue }
}
