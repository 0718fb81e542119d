import { setImmediate } from 'node:timers/promises'
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
  LanguageModelV4ToolCall,
} from '@ai-sdk/provider'
import { linkAborts } from '../../kernel/linked-abort.ts'
import { type DemoSpeechSettings, demoSpeech } from './model-speech.ts'

export interface DemoSettings extends DemoSpeechSettings {
  /** The time before each word, in ms. Default 30. With 0 the text comes as fast as it is read. */
  readonly delayMs?: number | undefined
}

type Sleep = (ms: number, signal: AbortSignal) => Promise<unknown>

/** How many words come without a delay before other work of the process gets its turn. */
const wordsABreath = 250

/**
 * A model without key or network that always says the same to the same prompt. A word is a token. It calls the functions that
 * the last user message names, and quotes their results. Each word is made when it is read, not before. An aborted call
 * fails with the signal's reason at the next word.
 */
export function createDemoModel(settings: DemoSettings, { sleep }: { readonly sleep: Sleep }): LanguageModelV4 {
  const { delayMs = 30 } = settings

  function stream(options: LanguageModelV4CallOptions): ReadableStream<LanguageModelV4StreamPart> {
    const cancelled = new AbortController()
    const { signal, unlink } = linkAborts([cancelled.signal, ...(options.abortSignal ? [options.abortSignal] : [])])
    const parts = demoSpeech(options, settings)
    let words = 0
    return new ReadableStream<LanguageModelV4StreamPart>(
      {
        async pull(controller) {
          signal.throwIfAborted()
          const next = parts.next()
          if (next.done) {
            unlink()
            return controller.close()
          }
          if ('delta' in next.value) {
            words += 1
            if (delayMs > 0) await sleep(delayMs, signal).finally(() => signal.throwIfAborted())
            // Otherwise a reader that never waits would starve all timers and sockets.
            else if (words % wordsABreath === 0) await setImmediate()
          }
          controller.enqueue(next.value)
        },
        cancel: (reason) => {
          cancelled.abort(reason)
          unlink()
        },
      },
      { highWaterMark: 0 },
    )
  }

  return {
    specificationVersion: 'v4',
    provider: 'demo',
    modelId: 'demo',
    supportedUrls: {},
    doStream: async (options) => ({ stream: stream(options) }),
    doGenerate: (options) => collect(stream(options)),
  }
}

async function collect(stream: ReadableStream<LanguageModelV4StreamPart>): Promise<LanguageModelV4GenerateResult> {
  const said = { reasoning: '', text: '' }
  const calls: LanguageModelV4ToolCall[] = []
  for await (const part of stream) {
    if (part.type === 'reasoning-delta') said.reasoning += part.delta
    if (part.type === 'text-delta') said.text += part.delta
    if (part.type === 'tool-call') calls.push(part)
    if (part.type === 'finish') {
      const words = (['reasoning', 'text'] as const)
        .filter((type) => said[type] !== '')
        .map((type) => ({ type, text: said[type] }))
      return { content: [...words, ...calls], finishReason: part.finishReason, usage: part.usage, warnings: [] }
    }
  }
  throw new Error('the demo model fell silent without a finish')
}
