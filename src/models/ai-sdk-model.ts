import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from '@ai-sdk/provider'
import { aiSdkFault } from './ai-sdk-fault.ts'
import { aiSdkPrompt } from './ai-sdk-prompt.ts'
import { type Model, type ModelCall, ModelFault, type ModelFinish, type ModelPart, type ModelUsage } from './model.ts'

/** Settings that go with every call, as the AI SDK names them. */
export type AiSdkCallSettings = Readonly<
  Pick<
    LanguageModelV4CallOptions,
    | 'maxOutputTokens'
    | 'temperature'
    | 'topP'
    | 'topK'
    | 'presencePenalty'
    | 'frequencyPenalty'
    | 'seed'
    | 'reasoning'
    | 'providerOptions'
  >
>

/**
 * Makes a model of the AI SDK ours. It stands on `doStream`, which costs a hundredth of `streamText` a token, and
 * therefore never retries: that is the caller's. Whoever stops reading, by `return` or by the signal, cancels the
 * provider's stream with it.
 */
export function createAiSdkModel(name: string, model: LanguageModelV4, settings: AiSdkCallSettings): Model {
  return {
    name,
    async *stream({ prompt, signal }) {
      const reader = await openReader(model, { prompt, signal }, settings)
      // A stream that has failed refuses to be cancelled, with the error its reader was already given.
      const cancel = () => void reader.cancel(signal.reason).catch(() => undefined)
      signal.addEventListener('abort', cancel)
      if (signal.aborted) cancel()
      try {
        for (;;) {
          const part = modelPart(await readPart(reader, signal))
          if (part) yield part
          if (part?.type === 'finish') return
        }
      } finally {
        signal.removeEventListener('abort', cancel)
        cancel()
      }
    },
  }
}

async function openReader(model: LanguageModelV4, { prompt, signal }: ModelCall, settings: AiSdkCallSettings) {
  signal.throwIfAborted()
  try {
    const call = { ...settings, prompt: aiSdkPrompt(prompt), abortSignal: signal }
    return (await model.doStream(call)).stream.getReader()
  } catch (error) {
    signal.throwIfAborted()
    throw aiSdkFault(error)
  }
}

async function readPart(reader: ReadableStreamDefaultReader<LanguageModelV4StreamPart>, signal: AbortSignal) {
  const { value } = await reader.read().catch((error: unknown) => {
    signal.throwIfAborted()
    throw aiSdkFault(error)
  })
  signal.throwIfAborted()
  if (!value) throw new ModelFault('unavailable', 'the stream ended early')
  return value
}

/** Nothing for what the port has no word for. No `default`: a part that the AI SDK adds is to be decided on here. */
function modelPart(part: LanguageModelV4StreamPart): ModelPart | undefined {
  switch (part.type) {
    case 'text-delta':
      return part.delta === '' ? undefined : { type: 'text', text: part.delta }
    case 'reasoning-delta':
      return part.delta === '' ? undefined : { type: 'reasoning', text: part.delta }
    case 'finish':
      return { type: 'finish', finish: modelFinish(part.finishReason), usage: modelUsage(part.usage) }
    case 'error':
      throw aiSdkFault(part.error)
    case 'stream-start':
    case 'response-metadata':
    case 'text-start':
    case 'text-end':
    case 'reasoning-start':
    case 'reasoning-end':
    case 'reasoning-file':
    case 'tool-input-start':
    case 'tool-input-delta':
    case 'tool-input-end':
    case 'tool-call':
    case 'tool-result':
    case 'tool-approval-request':
    case 'file':
    case 'source':
    case 'custom':
    case 'ping':
    case 'raw':
      return undefined
  }
}

/** `interrupted` is what newer providers say of a stream that broke off: as much a fault as one without a finish. */
const finishes: Record<LanguageModelV4FinishReason['unified'], ModelFinish | { readonly fault: string }> = {
  stop: 'stop',
  length: 'length',
  'content-filter': 'filtered',
  'tool-calls': 'stop',
  other: 'stop',
  error: { fault: 'the model stopped because of an error' },
  interrupted: { fault: 'the stream ended early' },
}

function modelFinish(reason: LanguageModelV4FinishReason): ModelFinish {
  const finish = finishes[reason.unified]
  if (typeof finish === 'object') throw new ModelFault('unavailable', finish.fault)
  return finish
}

function modelUsage({ inputTokens, outputTokens }: LanguageModelV4Usage): ModelUsage {
  return {
    inputTokens: inputTokens.total ?? 0,
    cachedInputTokens: inputTokens.cacheRead ?? 0,
    outputTokens: outputTokens.total ?? 0,
    reasoningTokens: outputTokens.reasoning ?? 0,
  }
}
