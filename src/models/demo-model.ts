import { setImmediate } from 'node:timers/promises'
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4Message,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from '@ai-sdk/provider'
import { linkAborts } from '../linked-abort.ts'
import { demoAnswer } from './demo-answer.ts'

export interface DemoSettings {
  /** The time before each word; 30 when absent, 0 says everything as fast as it is read. */
  readonly delayMs?: number | undefined
  /** The exact length of the answer in words; about 150 when absent. */
  readonly words?: number | undefined
  /** Reasons for a moment before the answer, but not when it continues one. */
  readonly reasoning?: boolean | undefined
}

type Sleep = (ms: number, signal: AbortSignal) => Promise<unknown>
type Word = readonly [kind: 'reasoning' | 'text', delta: string]

const reasoningText = `There is a message to answer, and I understand none of it. \
I will quote a little, count what there is to count, and then explain what can be seen here.`

/** Words said without a delay before other work of the process gets its turn. */
const wordsABreath = 250

/**
 * A model that needs no key and no network and says the same to the same prompt; a word is a token. Each word is made
 * when it is read, not before. An aborted call fails with the signal's reason at the next word.
 */
export function createDemoModel(settings: DemoSettings, { sleep }: { readonly sleep: Sleep }): LanguageModelV4 {
  const { delayMs = 30 } = settings

  function stream(options: LanguageModelV4CallOptions): ReadableStream<LanguageModelV4StreamPart> {
    const cancelled = new AbortController()
    const { signal, unlink } = linkAborts([cancelled.signal, ...(options.abortSignal ? [options.abortSignal] : [])])
    const parts = speak(options, settings)
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
            // Otherwise a reader that waits for nothing either would starve every timer and socket there is.
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

function* speak(options: LanguageModelV4CallOptions, settings: DemoSettings): Generator<LanguageModelV4StreamPart> {
  const limit = options.maxOutputTokens ?? Infinity
  const said = { reasoning: 0, text: 0 }
  let open: Word[0] | undefined
  let isCut = false
  yield { type: 'stream-start', warnings: [] }
  for (const [kind, delta] of wordsToSay(options, settings)) {
    isCut = said.reasoning + said.text >= limit
    if (isCut) break
    if (open !== kind) {
      if (open) yield { type: `${open}-end`, id: open }
      yield { type: `${kind}-start`, id: kind }
      open = kind
    }
    said[kind] += 1
    yield { type: `${kind}-delta`, id: kind, delta }
  }
  if (open) yield { type: `${open}-end`, id: open }
  const unified = isCut ? 'length' : 'stop'
  yield { type: 'finish', finishReason: { unified, raw: unified }, usage: usageOf(options, said) }
}

function* wordsToSay({ prompt }: LanguageModelV4CallOptions, settings: DemoSettings): Generator<Word> {
  const messages = prompt.map((message) => ({ role: message.role, text: textOf(message) }))
  const answer = demoAnswer(messages, settings.words)
  if (settings.reasoning && !answer.isContinued) {
    for (const [word] of reasoningText.matchAll(/\s*\S+/gu)) yield ['reasoning', word]
  }
  for (const word of answer.words) yield ['text', word]
}

function textOf({ content }: LanguageModelV4Message): string {
  if (typeof content === 'string') return content
  return content.reduce((texts, part) => (part.type === 'text' ? texts + part.text : texts), '')
}

function usageOf(
  { prompt }: LanguageModelV4CallOptions,
  said: Readonly<Record<Word[0], number>>,
): LanguageModelV4Usage {
  const total = prompt.reduce((sum, message) => sum + (textOf(message).match(/\S+/gu)?.length ?? 0), 0)
  return {
    inputTokens: { total, noCache: total, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: said.reasoning + said.text, text: said.text, reasoning: said.reasoning },
  }
}

async function collect(stream: ReadableStream<LanguageModelV4StreamPart>): Promise<LanguageModelV4GenerateResult> {
  const said = { reasoning: '', text: '' }
  for await (const part of stream) {
    if (part.type === 'reasoning-delta') said.reasoning += part.delta
    if (part.type === 'text-delta') said.text += part.delta
    if (part.type === 'finish') {
      const content = (['reasoning', 'text'] as const)
        .filter((type) => said[type] !== '')
        .map((type) => ({ type, text: said[type] }))
      return { content, finishReason: part.finishReason, usage: part.usage, warnings: [] }
    }
  }
  throw new Error('the demo model fell silent without a finish')
}
