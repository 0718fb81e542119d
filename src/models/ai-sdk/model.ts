import { isDeepStrictEqual } from 'node:util'
import type {
  JSONSchema7,
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider'
import { type Model, type ModelCall, ModelFault, type ModelPart, type ModelUsage } from '../model.ts'
import type { Heard } from '../wire/hearing.ts'
import { aiSdkFault } from './fault.ts'
import { createPartTranslator } from './part.ts'
import { aiSdkPrompt } from './prompt.ts'
import { aiSdkTools, commonToolRules, type ToolRules } from './tools.ts'

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
  /** One that uses no network; or a new one per call, with what is heard of that call's answer. */
  readonly model: LanguageModelV4 | (() => HeardModel)
  readonly settings?: AiSdkCallSettings
  /** Settings that must not be dropped silently: the AI SDK's name for each, and the caller's. */
  readonly insisted?: Readonly<Record<string, string>>
  /** Default: the common rules. */
  readonly toolRules?: ToolRules
  readonly takesFile?: Model['takesFile']
  /** What goes with a call whose answer has a form. Absent: the model takes none. */
  readonly formatOptions?: FormatOptions | undefined
  /** Never appears in a fault. */
  readonly secret?: string | undefined
}

/** Of the provider, by its name in the AI SDK. @param isStrict the provider holds the model to the schema */
export type FormatOptions = (isStrict: boolean) => NonNullable<LanguageModelV4CallOptions['providerOptions']>

export interface HeardModel {
  readonly model: LanguageModelV4
  readonly heard: Heard
}

const nothing: Heard = { fault: null, usage: null, refusal: '' }

/** After an error of the adapter, at most so many parts are read on, for the usage. */
const maxRestParts = 500

/**
 * Adapts a model of the AI SDK to the port. It uses `doStream`, which costs a hundredth of `streamText` per token and
 * never retries; the caller retries. wire/ judges whether an answer is one; the adapter's own error counts if wire/ heard
 * nothing wrong. Whoever stops reading, by `return` or by the signal, also cancels the provider's stream.
 */
export function createAiSdkModel(options: AiSdkModelOptions): Model {
  const { name, settings, insisted, toolRules = commonToolRules, takesFile, formatOptions, secret } = options

  async function openReader(asked: ModelCall, { model, heard }: HeardModel) {
    const { prompt, signal, isUnthinking = false } = asked
    signal.throwIfAborted()
    try {
      const tools = aiSdkTools(asked, toolRules)
      const bounds = boundsOf(asked, settings)
      const thinking = isUnthinking ? { reasoning: 'none' as const } : {}
      const format = formatOf(asked, settings, formatOptions)
      const call = {
        ...settings,
        ...bounds,
        ...thinking,
        ...tools,
        ...format,
        prompt: aiSdkPrompt(prompt),
        abortSignal: signal,
      }
      return (await model.doStream(call)).stream.getReader()
    } catch (error) {
      signal.throwIfAborted()
      throw heard.fault ?? aiSdkFault(error, secret)
    }
  }

  /** Null at the end. */
  async function readPart(reader: Reader, heard: Heard, signal: AbortSignal) {
    const { value } = await reader.read().catch((error: unknown) => {
      signal.throwIfAborted()
      throw heard.fault ?? aiSdkFault(error, secret)
    })
    signal.throwIfAborted()
    return value ?? null
  }

  async function* read(call: ModelCall, opened: HeardModel): AsyncGenerator<ModelPart, void> {
    const { signal, onProgress } = call
    const { heard } = opened
    const reader = await openReader(call, opened)
    const settings = call.answerFormat == null ? insisted : { ...insisted, responseFormat: 'answerFormat' }
    const translate = createPartTranslator({ settings: settings ?? {}, refusal: () => heard.refusal })
    // A stream that has failed refuses to be cancelled, with the error its reader was already given.
    const cancel = () => void reader.cancel(signal.reason).catch(() => undefined)
    signal.addEventListener('abort', cancel)
    if (signal.aborted) cancel()
    let complaint: ModelFault | null = null
    let restParts = 0
    let isFinished = false
    try {
      for (;;) {
        const part = await readPart(reader, heard, signal)
        if (part?.type === 'error') complaint ??= aiSdkFault(part.error, secret)
        const isEnd = part === null || part.type === 'finish'
        if (isEnd && heard.fault !== null) throw heard.fault
        if (complaint !== null) {
          restParts += 1
          if (isEnd || restParts > maxRestParts) throw complaint
          continue
        }
        if (part === null) throw new ModelFault('unavailable', 'The stream ended early.', { isRetryable: true })
        if (part.type === 'tool-input-delta') onProgress?.()
        for (const said of translate(part)) {
          isFinished = said.type === 'finish'
          yield said
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
  }

  return {
    name,
    ...(takesFile !== undefined && { takesFile }),
    takesAnswerFormat: formatOptions !== undefined,
    async *stream(call) {
      const opened = typeof options.model === 'function' ? options.model() : { model: options.model, heard: nothing }
      let told: ModelUsage | null = null
      try {
        for await (const part of read(call, opened)) {
          if (part.type === 'usage') told = part.usage
          yield part
        }
      } catch (error) {
        const { usage } = opened.heard
        // A failed call reports its usage before it fails.
        if (usage !== null && !call.signal.aborted && !isDeepStrictEqual(usage, told)) yield { type: 'usage', usage }
        throw error
      }
    },
  }
}

/** The lower of both limits on what is written. */
function boundsOf({ maxOutputTokens }: ModelCall, settings: AiSdkCallSettings | undefined) {
  if (maxOutputTokens === undefined) return {}
  return { maxOutputTokens: Math.min(maxOutputTokens, settings?.maxOutputTokens ?? maxOutputTokens) }
}

function formatOf(
  { answerFormat = null }: ModelCall,
  settings: AiSdkCallSettings | undefined,
  formatOptions: FormatOptions | undefined,
): Partial<LanguageModelV4CallOptions> {
  if (answerFormat === null || formatOptions === undefined) return {}
  const { name, description, schema, isStrict } = answerFormat
  const given = settings?.providerOptions ?? {}
  const own = Object.entries(formatOptions(isStrict)).map(([key, values]) => [key, { ...given[key], ...values }])
  return {
    // Checked as a JSON Schema when the dispatch was accepted.
    responseFormat: { type: 'json', name, schema: schema as JSONSchema7, ...(description !== null && { description }) },
    providerOptions: { ...given, ...Object.fromEntries(own) },
  }
}

type Reader = ReadableStreamDefaultReader<LanguageModelV4StreamPart>
