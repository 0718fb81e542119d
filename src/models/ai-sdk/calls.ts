import type { LanguageModelV4ToolCall } from '@ai-sdk/provider'
import type { ModelFinish, ModelPart } from '../model.ts'

type CallPart = Extract<ModelPart, { type: 'call' }>

/** The function calls of one answer that are still to be told. */
export interface AiSdkCalls {
  hold(call: LanguageModelV4ToolCall): void
  /** Once the model continues after a call, that call is complete. */
  release(): readonly CallPart[]
  /** A token limit or a filter may cut the last call; it is left out unless it is visibly complete. */
  finish(finish: ModelFinish): readonly CallPart[]
}

/**
 * The AI SDK reports calls at the end of a stream, even if the stream broke off in the middle of their arguments. So a
 * call is held until the model continues after it or finishes, and is dropped if neither happens.
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
