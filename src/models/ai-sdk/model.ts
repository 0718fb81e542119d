import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider'
import { type Model, type ModelCall, ModelFault } from '../model.ts'
import { aiSdkFault } from './fault.ts'
import { createPartTranslator } from './part.ts'
import { aiSdkPrompt } from './prompt.ts'
import { aiSdkTools, commonToolRules, declaredName, type ToolRules } from './tools.ts'

/** Settings that go with every call, as the AI SDK names them. */
export type AiSdkCallSettings = Readonly<
  Pick<
    LanguageModelV4CallOptions,
    | 'maxOutputTokens'
    | 'temperature'
    | 'topP'
    | 'presencePenalty'
    | 'frequencyPenalty'
    | 'seed'
    | 'reasoning'
    | 'providerOptions'
  >
>

export interface AiSdkModelOptions {
  /** Canonical, settings included. */
  readonly name: string
  readonly model: LanguageModelV4
  readonly settings?: AiSdkCallSettings
  /** Settings that must not be left out without a word: the AI SDK's name for each, and the caller's. */
  readonly insisted?: Readonly<Record<string, string>>
  /** Default: it can do what the others can. */
  readonly toolRules?: ToolRules
  readonly takesFile?: Model['takesFile']
  /** Never appears in a fault. */
  readonly secret?: string | undefined
}

/**
 * Makes a model of the AI SDK ours. It stands on `doStream`, which costs a hundredth of `streamText` a token, and
 * therefore never retries: that is the caller's. Whoever stops reading, by `return` or by the signal, cancels the
 * provider's stream with it.
 */
export function createAiSdkModel(options: AiSdkModelOptions): Model {
  const { name, model, settings, insisted, toolRules = commonToolRules, takesFile, secret } = options
  const fault = (error: unknown) => aiSdkFault(error, secret)

  async function openReader(asked: ModelCall) {
    const { prompt, signal } = asked
    signal.throwIfAborted()
    try {
      const tools = aiSdkTools(asked, toolRules)
      const call = { ...settings, ...tools, prompt: aiSdkPrompt(prompt), abortSignal: signal }
      return (await model.doStream(call)).stream.getReader()
    } catch (error) {
      signal.throwIfAborted()
      throw fault(error)
    }
  }

  async function readPart(reader: ReadableStreamDefaultReader<LanguageModelV4StreamPart>, signal: AbortSignal) {
    const { value } = await reader.read().catch((error: unknown) => {
      signal.throwIfAborted()
      throw fault(error)
    })
    signal.throwIfAborted()
    if (!value) throw new ModelFault('unavailable', 'The stream ended early.', { isRetryable: true })
    return value
  }

  return {
    name,
    ...(takesFile !== undefined && { takesFile }),
    async *stream(call) {
      const { signal, tools, onProgress } = call
      const reader = await openReader(call)
      const nameOf = (onWire: string) => declaredName(onWire, tools)
      const translate = createPartTranslator({ fault, settings: insisted ?? {}, nameOf })
      // A stream that has failed refuses to be cancelled, with the error its reader was already given.
      const cancel = () => void reader.cancel(signal.reason).catch(() => undefined)
      signal.addEventListener('abort', cancel)
      if (signal.aborted) cancel()
      let isFinished = false
      try {
        for (;;) {
          const read = await readPart(reader, signal)
          if (read.type === 'tool-input-delta') onProgress?.()
          for (const part of translate(read)) {
            isFinished = part.type === 'finish'
            yield part
            if (isFinished) return
          }
        }
      } finally {
        signal.removeEventListener('abort', cancel)
        // A finished stream ends by itself; cancelling costs an exception with its stack, which short runs would feel.
        if (!isFinished) cancel()
        else
          void reader.read().then(
            ({ done }) => done || cancel(),
            () => undefined,
          )
      }
    },
  }
}
