import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart, LanguageModelV4Usage } from '@ai-sdk/provider'
import { stringifyJson } from '../../kernel/json.ts'
import { demoAnswer } from './answer.ts'
import { type DemoCall, demoCalls } from './calls.ts'
import { type DemoMessage, demoPrompt } from './model-prompt.ts'
import { isObject } from './schema.ts'

export interface DemoSpeechSettings {
  /** The exact length of the answer in words; about 150 when absent. */
  readonly words?: number | undefined
  /** Whether it reasons briefly before an answer. It does not before a continuation. */
  readonly reasoning?: boolean | undefined
}

type Word = readonly [kind: 'reasoning' | 'text', delta: string] | readonly [kind: 'call', call: DemoCall]
type Said = Record<'reasoning' | 'text', number>

const reasoningText = `There is a message to answer, and I understand none of it. \
I will quote a little, count what there is to count, and then explain what can be seen here.`

/** Everything that the demo model says to a prompt: function calls, or else its answer. A word is a token, and so is a call. */
export function* demoSpeech(
  options: LanguageModelV4CallOptions,
  settings: DemoSpeechSettings,
): Generator<LanguageModelV4StreamPart> {
  const prompt = demoPrompt(options.prompt)
  const limit = options.maxOutputTokens ?? Infinity
  const said: Said = { reasoning: 0, text: 0 }
  let calls = prompt.reduce((sum, message) => sum + message.calls.length, 0)
  let open: keyof Said | undefined
  let finish: 'stop' | 'length' | 'tool-calls' = 'stop'

  yield { type: 'stream-start', warnings: [] }
  for (const [kind, word] of wordsToSay(prompt, options, settings)) {
    if (said.reasoning + said.text >= limit) {
      finish = 'length'
      break
    }
    if (open && open !== kind) yield { type: `${open}-end`, id: open }
    if (kind === 'call') {
      said.text += 1
      calls += 1
      open = undefined
      finish = 'tool-calls'
      yield* callParts(word, `call_${calls}`)
      continue
    }
    if (open !== kind) yield { type: `${kind}-start`, id: kind }
    open = kind
    said[kind] += 1
    yield { type: `${kind}-delta`, id: kind, delta: word }
  }
  if (open) yield { type: `${open}-end`, id: open }
  yield { type: 'finish', finishReason: { unified: finish, raw: finish }, usage: usageOf(prompt, said) }
}

function* wordsToSay(
  prompt: readonly DemoMessage[],
  { tools = [], toolChoice }: LanguageModelV4CallOptions,
  settings: DemoSpeechSettings,
): Generator<Word> {
  const functions = tools.flatMap((tool) =>
    tool.type === 'function' && isObject(tool.inputSchema) ? [{ name: tool.name, parameters: tool.inputSchema }] : [],
  )
  const forced = toolChoice?.type === 'tool' ? toolChoice.toolName : null
  const calls = toolChoice?.type === 'none' ? [] : demoCalls({ prompt, functions, forced })
  const answer = demoAnswer(prompt, settings.words)

  if (settings.reasoning && !answer.isContinued) {
    for (const [word] of reasoningText.matchAll(/\s*\S+/gu)) yield ['reasoning', word]
  }
  for (const call of calls) yield ['call', call]
  if (calls.length > 0) return
  for (const word of answer.words) yield ['text', word]
}

function* callParts({ name, arguments: given }: DemoCall, id: string): Generator<LanguageModelV4StreamPart> {
  const input = stringifyJson(given)
  yield { type: 'tool-input-start', id, toolName: name }
  yield { type: 'tool-input-delta', id, delta: input }
  yield { type: 'tool-input-end', id }
  yield { type: 'tool-call', toolCallId: id, toolName: name, input }
}

/** So many characters of a text are counted; a longer one has as many words in the rest. */
const counted = 20_000

function wordsIn(text: string): number {
  const words = text.slice(0, counted).match(/\S+/gu)?.length ?? 0
  return text.length <= counted ? words : Math.round((words * text.length) / counted)
}

function usageOf(prompt: readonly DemoMessage[], said: Said): LanguageModelV4Usage {
  const texts = prompt.flatMap(({ text, results }) => [text, ...results.map((result) => result.text)])
  const total = texts.reduce((sum, text) => sum + wordsIn(text), 0)
  return {
    inputTokens: { total, noCache: total, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: said.reasoning + said.text, text: said.text, reasoning: said.reasoning },
  }
}
