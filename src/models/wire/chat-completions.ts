import type { ModelFinish, ModelUsage } from '../model.ts'
import type { AnswerRoom } from './answer-room.ts'
import { createChatCalls } from './chat-calls.ts'
import { chatContent } from './chat-content.ts'
import { chatEnds, readEnd } from './ends.ts'
import { countOf, type Fields, fieldsOf, isObject, textOf } from './fields.ts'
import { answer, type EventReading, passedOver, unreadable, type WireFormat, type WireReader } from './format.ts'
import { isToldError } from './told-error.ts'

export interface ChatCompletionsOptions {
  /** For servers that never say why they stopped: `[DONE]` counts as an end too. Default: false. */
  readonly isDoneAnEnd?: boolean
}

/** OpenAI's chat completions, as OpenAI and everybody else writes them. */
export function chatCompletions({ isDoneAnEnd = false }: ChatCompletionsOptions = {}): WireFormat {
  return { createReader: (room) => createChatReader(room, isDoneAnEnd) }
}

const finishWords: Record<ModelFinish, string> = { stop: 'stop', length: 'length', filtered: 'content_filter' }

function createChatReader(room: AnswerRoom, isDoneAnEnd: boolean): WireReader {
  const calls = createChatCalls(room)
  let end: WireReader['end'] = null
  let usage: ModelUsage | null = null
  let toldUsage: object | null = null
  let refusal = ''
  let hasSaid = false
  let hasEnded = false
  /** The index of the answer among the choices. */
  let place: unknown = null
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
    const counted = usageOf(fieldsOf(told))
    // Zeros are filled in where nothing was counted.
    if (usage !== null && counted.inputTokens + counted.outputTokens === 0) return
    usage = counted
    toldUsage = regularUsage(usage)
  }
  const readChoice = (choice: Fields): EventReading => {
    if (isObject(choice['error'])) return { kind: 'error', told: choice }
    const reason = textOf(choice['finish_reason']) ?? ''
    if (reason !== '' && reason !== 'null') end = { said: reason, read: readEnd(chatEnds, reason) }
    // A whole message comes from servers that do not stream, and once more at the end of some streams.
    const told = choice['delta'] ?? (hasSaid ? null : choice['message'])
    if (told === null || told === undefined) return passedOver
    if (!isObject(told)) return unreadable
    const delta = fieldsOf(told)
    const content = chatContent(delta['content'])
    const legacy = isObject(delta['function_call']) ? [{ index: 0, function: delta['function_call'] }] : undefined
    const toolCalls = calls.read(delta['tool_calls'] || legacy)
    if (content === null || toolCalls === null) return unreadable
    const refused = textOf(delta['refusal']) ?? ''
    refusal += room.keep(refused)
    const thought = reasoningOf(delta) + content.reasoning
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
      const known = choices.filter(isObject).map(fieldsOf)
      // Nobody asks for a second choice. Some servers give the only one another index, or its text and its calls apart.
      place ??= known[0]?.['index'] ?? 0
      return joined(known.filter(({ index }) => (index ?? 0) === place).map(readChoice))
    },
    done() {
      isDone = true
      if (isDoneAnEnd) end ??= { said: '[DONE]', read: 'stop' }
    },
    finish(finish) {
      if (!calls.isNamed) return unreadable
      const held = calls.rest()
      const last = chunk({}, finishWords[finish], toldUsage === null ? {} : { usage: toldUsage })
      return answer(...(held.length === 0 ? [] : [chunk({ tool_calls: held }, null)]), last)
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

/** What several readings of one event come to. */
function joined(readings: readonly EventReading[]): EventReading {
  const wrong = readings.find(({ kind }) => kind === 'error' || kind === 'unreadable')
  return wrong ?? answer(...readings.flatMap((reading) => (reading.kind === 'answer' ? reading.events : [])))
}

/** Servers tell it in one field or another, and some in two at once. */
function reasoningOf(delta: Fields): string {
  const told = [delta['reasoning_content'], delta['reasoning'], detailed(delta['reasoning_details'])]
  return told.map(textOf).find((text) => text !== undefined && text !== '') ?? ''
}

/** OpenRouter's and MiniMax's list of what the model thought. */
function detailed(details: unknown): string {
  if (!Array.isArray(details)) return ''
  return details.map((each) => textOf(fieldsOf(each)['text']) ?? textOf(fieldsOf(each)['summary']) ?? '').join('')
}

/** In an event with choices, an empty `error` is no error. An event without choices, but with an error's fields, is one. */
function isError(value: unknown, name: string | undefined): boolean {
  if (typeof value === 'string') return name === 'error'
  if (Array.isArray(value)) return isError(value[0], name)
  const event = fieldsOf(value)
  const { error, base_resp: answered } = event
  if (isObject(error) ? !isEmpty(fieldsOf(error)) : Boolean(error)) return true
  // MiniMax tells how the request went in each event; 0 is well.
  if (isObject(answered)) return countOf(fieldsOf(answered)['status_code']) > 0
  if (event['choices'] !== null && event['choices'] !== undefined) return false
  return name === 'error' || event['object'] === 'error' || isToldError(event)
}

function isEmpty(error: Fields): boolean {
  return Object.values(error).every((value) => value === null || value === '' || value === 0)
}

function usageOf(told: Fields): ModelUsage {
  const read = fieldsOf(told['prompt_tokens_details'])
  const written = fieldsOf(told['completion_tokens_details'])
  const inputTokens = countOf(told['prompt_tokens'] ?? told['input_tokens'])
  const outputTokens = countOf(told['completion_tokens'] ?? told['output_tokens'])
  const reasoningTokens = countOf(written['reasoning_tokens'])
  // xAI and Gemini count what the model thought beside what it said; their total has both.
  const allOutput = countOf(told['total_tokens']) - inputTokens
  return {
    inputTokens,
    cachedInputTokens: countOf(read['cached_tokens'] ?? told['prompt_cache_hit_tokens']),
    outputTokens: Math.max(outputTokens, allOutput),
    reasoningTokens,
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
