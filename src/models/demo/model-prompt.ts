import type { LanguageModelV4Message, LanguageModelV4Prompt, LanguageModelV4ToolResultPart } from '@ai-sdk/provider'
import { stringifyJson } from '../../kernel/json.ts'

/** All that the demo model sees of a message. */
export interface DemoMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool'
  readonly text: string
  /** The functions that it calls. */
  readonly calls: readonly string[]
  readonly results: readonly DemoResult[]
}

/** The result of a function as the model reads it: text, or JSON. */
export interface DemoResult {
  readonly name: string
  readonly text: string
}

/** All that the demo model sees of a prompt. */
export function demoPrompt(prompt: LanguageModelV4Prompt): readonly DemoMessage[] {
  return prompt.map((message) => ({
    role: message.role,
    text: textOf(message),
    calls:
      message.role === 'assistant'
        ? message.content.flatMap((part) => (part.type === 'tool-call' ? [part.toolName] : []))
        : [],
    results:
      message.role === 'tool'
        ? message.content.flatMap((part) =>
            part.type === 'tool-result' ? [{ name: part.toolName, text: textOfResult(part) }] : [],
          )
        : [],
  }))
}

function textOf({ content }: LanguageModelV4Message): string {
  if (typeof content === 'string') return content
  return content.reduce((texts, part) => (part.type === 'text' ? texts + part.text : texts), '')
}

function textOfResult({ output }: LanguageModelV4ToolResultPart): string {
  switch (output.type) {
    case 'text':
    case 'error-text':
      return output.value
    case 'execution-denied':
      return output.reason ?? ''
    case 'json':
    case 'error-json':
    case 'content':
      return stringifyJson(output.value)
  }
}
