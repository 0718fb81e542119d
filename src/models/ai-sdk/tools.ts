import type { JSONSchema7, LanguageModelV4CallOptions, LanguageModelV4FunctionTool } from '@ai-sdk/provider'
import { withRawNumbers } from '../../kernel/json.ts'
import type { ModelCall, ModelTool, PromptMessage } from '../model.ts'

/** How a provider differs from the others in what it does with functions. */
export interface ToolRules {
  /** False: it refuses to be told which function to call. It is offered only that one instead, and may still answer. */
  readonly canForce: boolean
  /** True: it refuses a conversation that contains calls but declares no functions. */
  readonly needsTools: boolean
}

export const commonToolRules: ToolRules = { canForce: true, needsTools: false }

type AiSdkTools = Pick<LanguageModelV4CallOptions, 'tools' | 'toolChoice'>

/**
 * The functions of a call in the AI SDK's words; nothing where there are none. Never `strict`: that mode refuses most of
 * the schemas that callers write.
 */
export function aiSdkTools({ tools = [], forced, prompt }: Omit<ModelCall, 'signal'>, rules: ToolRules): AiSdkTools {
  if (tools.length === 0) {
    const called = rules.needsTools ? calledNames(prompt) : []
    if (called.length === 0) return {}
    const undeclared = called.map((name) => ({ name, description: 'No longer available.', parameters: {} }))
    return { tools: undeclared.map(aiSdkTool), toolChoice: { type: 'none' } }
  }
  const only = tools.filter(({ name }) => name === forced)
  if (only.length === 0) return { tools: tools.map(aiSdkTool), toolChoice: { type: 'auto' } }
  if (!rules.canForce) return { tools: only.map(aiSdkTool), toolChoice: { type: 'auto' } }
  return { tools: tools.map(aiSdkTool), toolChoice: { type: 'tool', toolName: forced ?? '' } }
}

function aiSdkTool({ name, description, parameters }: ModelTool): LanguageModelV4FunctionTool {
  // OpenAI refuses an object without `properties`. The cast holds because parameters are checked to be a JSON Schema.
  const inputSchema = withRawNumbers({ type: 'object', properties: {}, ...parameters }) as JSONSchema7
  return { type: 'function', name, ...(description !== '' && { description }), inputSchema }
}

function calledNames(prompt: readonly PromptMessage[]): readonly string[] {
  const parts = prompt.flatMap((message) => (message.role === 'assistant' ? message.parts : []))
  return [...new Set(parts.flatMap((part) => (part.type === 'call' ? [part.name] : [])))]
}
