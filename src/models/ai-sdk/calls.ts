import type { LanguageModelV4ToolCall } from '@ai-sdk/provider'
import type { ModelFinish, ModelPart } from '../model.ts'

type CallPart = Extract<ModelPart, { type: 'call' }>

/** The function calls of one answer that are still to be told. */
export interface AiSdkCalls {
  hold(call: LanguageModelV4ToolCall): void
  /** What the model goes on behind is whole. */
  release(): readonly CallPart[]
  /** At a token limit or a filter, the last call may be half of one; it is left out unless it can be seen to be whole. */
  finish(finish: ModelFinish): readonly CallPart[]
}

/**
 * The AI SDK tells calls at the end of a stream, also of one that broke off in the middle of their arguments. So a call
 * is held until the model goes on behind it or finishes, and is never told where it does neither.
 */
export function createAiSdkCalls(): AiSdkCalls {
  let held: readonly CallPart[] = []

  const release = (): readonly CallPart[] => {
    const calls = held
    held = []
    return calls
  }
  return {
    hold({ toolCallId, toolName, input, providerMetadata }) {
      const metadata = providerMetadata === undefined ? {} : { metadata: providerMetadata }
      held = [...held, { type: 'call', id: toolCallId, name: toolName, arguments: input, ...metadata }]
    },
    release,
    finish(finish) {
      const calls = release()
      const last = calls.at(-1)
      return finish === 'stop' || last === undefined || isWhole(last.arguments) ? calls : calls.slice(0, -1)
    },
  }
}

/** Not `{}`: the AI SDK says that for a call of Anthropic's that was cut before its first argument. */
function isWhole(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && Object.keys(value).length > 0
  } catch {
    return false
  }
}
