import type { ModelFinish, ModelUsage } from '../model.ts'
import { createChatCalls } from './chat-calls.ts'
import { chatContent } from './chat-content.ts'
import { chatEnds, readEnd } from './ends.ts'
import { countOf, type Fields, fieldsOf, isObject, textOf } from './fields.ts'
import { answer, type EventReading, passedOver, unreadable, type WireFormat, type WireReader } from './format.ts'

export interface ChatCompletionsOptions {
  /** For servers that never say why they stopped: `[DONE]` counts as an end too. Default: false. */
  readonly isDoneAnEnd?: boolean
}

/** OpenAI's chat completions, as OpenAI and everybody else writes them. */
export function chatCompletions({ isDoneAnEnd = false }: ChatCompletionsOptions = {}): WireFormat {
  return { createReader: () => createChatReader(isDoneAnEnd) }
}

const finishWords: Record<ModelFinish, string> = { stop: 'stop', length: 'length', filtered: 'content_filter' }

function createChatReader(isDoneAnEnd: boolean): WireReader {
  const calls = createChatCalls()
  let end: WireReader['end'] = null
  let usage: ModelUsage | null = null
  let toldUsage: object | null = null
  let refusal = ''
  let hasSaid = false
  let hasEnded = false
  /** The server states a reason before it has stopped: the reason counts only at its `[DONE]`. */
  let isEager = false
  let isDone = false

  const chunk = (delta: object, finish: string | null, rest: object = {}) => ({
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: finish }],
    ...rest,
  })
  const readUsage = (event: Fields) => {
    const told = event['usage'] ?? fieldsOf(event['x_groq'])['usage']
    if (!isObject(told)) return
    usage = usageOf(fieldsOf(told))
    toldUsage = regularUsage(usage)
  }
  const readChoice = (choice: Fields): EventReading => {
    if (isObject(choice['error'])) return { kind: 'error', told: choice }
    const reason = textOf(choice['finish_reason']) ?? ''
    if (reason !== '') end = { said: reason, read: readEnd(chatEnds, reason) }
    // A whole message comes from servers that do not stream, and once more at the end of some streams.
    const told = choice['delta'] ?? (hasSaid ? null : choice['message'])
    if (told === null || told === undefined) return passedOver
    if (!isObject(told)) return unreadable
    const delta = fieldsOf(told)
    const content = chatContent(delta['content'])
    const legacy = isObject(delta['function_call']) ? [{ index: 0, function: delta['function_call'] }] : undefined
    const toolCalls = calls.read(delta['tool_calls'] ?? legacy)
    if (content === null || toolCalls === null) return unreadable
    const refused = textOf(delta['refusal']) ?? ''
    refusal += refused
    const thought = (textOf(delta['reasoning_content']) ?? textOf(delta['reasoning']) ?? '') + content.reasoning
    const said = {
      ...(thought !== '' && { reasoning_content: thought }),
      ...(content.text !== '' && { content: content.text }),
      ...(refused !== '' && { refusal: refused }),
      ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
    }
    if (Object.keys(said).length === 0) return passedOver
    if (hasEnded) isEager = true
    hasEnded = end !== null
    hasSaid = true
    return answer(chunk(said, null))
  }
  return {
    read(value, name) {
      if (value === null) return passedOver
      if (isError(value, name)) return { kind: 'error', told: value }
      if (!isObject(value)) return unreadable
      const event = fieldsOf(value)
      readUsage(event)
      const choices = event['choices']
      if (choices === null || choices === undefined) return passedOver
      if (!Array.isArray(choices)) return unreadable
      // Nobody asks for a second choice.
      const choice = choices.find((each) => isObject(each) && (fieldsOf(each)['index'] ?? 0) === 0)
      return choice === undefined ? passedOver : readChoice(fieldsOf(choice))
    },
    done() {
      isDone = true
      if (isDoneAnEnd) end ??= { said: '[DONE]', read: 'stop' }
    },
    finish(finish) {
      if (!calls.isNamed) return unreadable
      return answer(chunk({}, finishWords[finish], toldUsage === null ? {} : { usage: toldUsage }))
    },
    get end() {
      return isEager && !isDone ? null : end
    },
    get usage() {
      return usage
    },
    get refusal() {
      return refusal
    },
    isOver: false,
  }
}

/** In an event with choices, `error: null` is no error. An event without choices or usage, but with a message, is one. */
function isError(value: unknown, name: string | undefined): boolean {
  if (typeof value === 'string') return name === 'error'
  if (Array.isArray(value)) return isError(value[0], name)
  const event = fieldsOf(value)
  const { error, base_resp: answered } = event
  if (error !== null && error !== undefined && error !== false && error !== '') return true
  // MiniMax tells how the request went in each event; 0 is well.
  if (isObject(answered)) return countOf(fieldsOf(answered)['status_code']) > 0
  if (event['choices'] !== null && event['choices'] !== undefined) return false
  return name === 'error' || event['object'] === 'error' || 'detail' in event || typeof event['message'] === 'string'
}

function usageOf(told: Fields): ModelUsage {
  const read = fieldsOf(told['prompt_tokens_details'])
  const written = fieldsOf(told['completion_tokens_details'])
  return {
    inputTokens: countOf(told['prompt_tokens']),
    cachedInputTokens: countOf(read['cached_tokens'] ?? told['prompt_cache_hit_tokens']),
    outputTokens: countOf(told['completion_tokens']),
    reasoningTokens: countOf(written['reasoning_tokens']),
  }
}

function regularUsage({ inputTokens, cachedInputTokens, outputTokens, reasoningTokens }: ModelUsage): object {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cachedInputTokens },
    completion_tokens_details: { reasoning_tokens: reasoningTokens },
  }
}
