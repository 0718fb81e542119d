import type { ModelFinish, ModelUsage } from '../model.ts'
import type { AnswerRoom } from './answer-room.ts'
import { createAnthropicBlocks } from './anthropic-blocks.ts'
import { anthropicEnds, chatEnds, readEnd } from './ends.ts'
import { countOf, type Fields, fieldsOf, isObject, textOf } from './fields.ts'
import { answer, type EventReading, passedOver, unreadable, type WireFormat, type WireReader } from './format.ts'
import { isToldError } from './told-error.ts'

/**
 * Anthropic's messages. Its versioning promise says that kinds of events, of blocks and of deltas are added without
 * notice, so what is unknown is passed over: https://platform.claude.com/docs/en/api/versioning
 */
export const anthropicMessages: WireFormat = { createReader: createAnthropicReader }

/** Proxies pass on what the server behind them said. */
const ends = [...anthropicEnds, ...chatEnds]

const stopWords: Record<ModelFinish, string> = { stop: 'end_turn', length: 'max_tokens', filtered: 'refusal' }

function createAnthropicReader(room: AnswerRoom): WireReader {
  const blocks = createAnthropicBlocks(room)
  let end: WireReader['end'] = null
  let tokens: Fields = {}
  let usage: ModelUsage | null = null
  let hasBegun = false
  let isOver = false
  let refusal = ''

  const begin = (message: Fields): readonly object[] => {
    if (hasBegun) return []
    hasBegun = true
    const { id, model } = message
    const counted = countedOf(tokens)
    return [
      { type: 'message_start', message: { id: textOf(id), model: textOf(model), role: 'assistant', usage: counted } },
    ]
  }
  const count = (told: unknown) => {
    if (!isObject(told)) return
    // A later zero means that it was not counted there.
    const known = Object.entries(told).filter(([name, value]) => value !== null && (value !== 0 || !(name in tokens)))
    tokens = { ...tokens, ...Object.fromEntries(known) }
    usage = usageOf(tokens)
  }
  const stop = (event: Fields): EventReading => {
    const delta = fieldsOf(event['delta'])
    count(event['usage'])
    const reason = textOf(delta['stop_reason']) ?? ''
    if (reason !== '') end = { said: reason, read: readEnd(ends, reason) }
    if (reason === 'refusal') refusal = refusalOf(delta, blocks.text)
    return passedOver
  }
  /** From a server that does not stream. */
  const whole = (message: Fields): EventReading => {
    if (!Array.isArray(message['content'])) return unreadable
    count(message['usage'])
    const told = message['content'].flatMap((block, index) => {
      const begun = blocks.read({ type: 'content_block_start', index, content_block: block })
      return begun === null ? [] : [...begun, ...(blocks.read({ type: 'content_block_stop', index }) ?? [])]
    })
    stop({ delta: message })
    isOver = true
    return answer(...begin(message), ...told)
  }
  return {
    read(value, name) {
      if (value === null) return passedOver
      if (typeof value === 'string' && name === 'error') return { kind: 'error', told: value }
      if (!isObject(value)) return unreadable
      const event = fieldsOf(value)
      if (event['type'] === 'error' || name === 'error' || event['error']) return { kind: 'error', told: value }
      switch (event['type']) {
        case 'message_start': {
          const message = fieldsOf(event['message'])
          count(message['usage'])
          return answer(...begin(message))
        }
        case 'content_block_start':
        case 'content_block_delta':
        case 'content_block_stop': {
          const told = blocks.read(event)
          if (told === null) return unreadable
          return told.length === 0 ? passedOver : answer(...begin({}), ...told)
        }
        case 'message_delta':
          return stop(event)
        case 'message':
          return whole(event)
        case 'message_stop':
          isOver = true
          return passedOver
        default:
          if (typeof event['type'] === 'string') return passedOver
          return isToldError(event) ? { kind: 'error', told: value } : unreadable
      }
    },
    done: () => undefined,
    finish(finish) {
      const delta = { stop_reason: finish === 'stop' && blocks.hasCalls ? 'tool_use' : stopWords[finish] }
      const last = { type: 'message_delta', delta, usage: countedOf(tokens) }
      return answer(...begin({}), ...blocks.end(), last, { type: 'message_stop' })
    },
    get end() {
      return end
    },
    get usage() {
      return usage
    },
    get refusal() {
      return refusal
    },
    get isOver() {
      return isOver
    },
  }
}

/** Anthropic may explain a refusal. Without an explanation, the text so far is the refusal, or the answer that it broke off. */
function refusalOf(delta: Fields, said: string): string {
  const words = textOf(fieldsOf(delta['stop_details'])['explanation'])?.trim() ?? ''
  if (words !== '' || said.trim() === '') return words
  return `The model refused. It had said: ${said.trim()}`
}

/** In the wire's form, with a number wherever the adapter wants one. */
function countedOf(tokens: Fields): object {
  const thinking = fieldsOf(tokens['output_tokens_details'])['thinking_tokens']
  return {
    input_tokens: countOf(tokens['input_tokens']),
    cache_creation_input_tokens: countOf(tokens['cache_creation_input_tokens']),
    cache_read_input_tokens: countOf(tokens['cache_read_input_tokens']),
    output_tokens: countOf(tokens['output_tokens']),
    ...(thinking !== undefined && { output_tokens_details: { thinking_tokens: countOf(thinking) } }),
  }
}

/** Anthropic's input count excludes the tokens that were read from its cache or written to it. */
function usageOf(tokens: Fields): ModelUsage {
  const cachedInputTokens = countOf(tokens['cache_read_input_tokens'])
  const inputTokens =
    countOf(tokens['input_tokens']) + countOf(tokens['cache_creation_input_tokens']) + cachedInputTokens
  return {
    inputTokens,
    cachedInputTokens,
    outputTokens: countOf(tokens['output_tokens']),
    reasoningTokens: countOf(fieldsOf(tokens['output_tokens_details'])['thinking_tokens']),
  }
}
