import type { ModelUsage } from '../model.ts'
import type { AnswerRoom } from './answer-room.ts'
import { chatEnds, readEnd, responsesEnds } from './ends.ts'
import { countOf, type Fields, fieldsOf, isObject, textOf } from './fields.ts'
import { answer, type EventReading, passedOver, unreadable, type WireFormat, type WireReader } from './format.ts'
import { createResponseItems, growing } from './response-items.ts'
import { isToldError } from './told-error.ts'

/** OpenAI's responses API. */
export const responses: WireFormat = { createReader: createResponsesReader }

const reasoningParts: readonly unknown[] = [
  'response.reasoning_summary_part.added',
  'response.reasoning_summary_part.done',
]

/** Proxies pass on what the server behind them said. */
const ends = [...responsesEnds, ...chatEnds]

function createResponsesReader(room: AnswerRoom): WireReader {
  const items = createResponseItems(room)
  let end: WireReader['end'] = null
  let usage: ModelUsage | null = null
  let last: Fields = {}
  let isOver = false

  const count = (response: Fields) => {
    if (isObject(response['usage'])) usage = usageOf(fieldsOf(response['usage']))
  }
  const close = (type: string, response: Fields): EventReading => {
    isOver = true
    last = response
    count(response)
    const why = textOf(fieldsOf(response['incomplete_details'])['reason'])
    const status = textOf(response['status']) ?? 'completed'
    // Servers forget to update the status of what they say is complete.
    const isComplete = type === 'response.completed' && ['in_progress', 'queued'].includes(status)
    const said = why ?? (type === 'response.incomplete' ? 'incomplete' : isComplete ? 'completed' : status)
    end = { said, read: readEnd(ends, said) }
    return passedOver
  }
  const told = (events: readonly object[] | null): EventReading => (events === null ? unreadable : answer(...events))
  return {
    read(value, name) {
      if (value === null) return passedOver
      if (typeof value === 'string' && name === 'error') return { kind: 'error', told: value }
      if (!isObject(value)) return unreadable
      const event = fieldsOf(value)
      const type = event['type']
      const response = fieldsOf(event['response'])
      if (type === 'response.failed' || response['status'] === 'failed') {
        isOver = true
        count(response)
        // Some report a refusal of their filter as a failure with the reason of an incomplete response.
        if (!isObject(response['error']) && isObject(response['incomplete_details']))
          return close('response.incomplete', response)
        return { kind: 'error', told: value }
      }
      if (type === 'error' || name === 'error' || event['error']) return { kind: 'error', told: value }
      // From a server that does not stream.
      if (event['object'] === 'response' && Array.isArray(event['output'])) {
        return close(`response.${event['status']}`, event)
      }
      if (typeof type !== 'string') return isToldError(event) ? { kind: 'error', told: value } : unreadable
      if (type === 'response.completed' || type === 'response.incomplete') return close(type, response)
      if (type === 'response.done') return close('response.completed', response)
      if (type === 'response.output_item.added' || type === 'response.output_item.done') return told(items.item(event))
      if (type in growing) return told(items.grow(type, event))
      return reasoningParts.includes(type) ? answer(value) : passedOver
    },
    done: () => undefined,
    finish(finish) {
      const reason = { stop: null, length: 'max_output_tokens', filtered: 'content_filter' }[finish]
      const response = {
        usage: regularUsage(usage),
        incomplete_details: reason === null ? null : { reason },
        service_tier: textOf(last['service_tier']),
      }
      const type = reason === null ? 'response.completed' : 'response.incomplete'
      return answer(...items.late(last['output'], finish === 'stop'), { type, response })
    },
    get end() {
      return end
    },
    get usage() {
      return usage
    },
    get refusal() {
      return items.refusal
    },
    get isOver() {
      return isOver
    },
  }
}

function usageOf(told: Fields): ModelUsage {
  return {
    inputTokens: countOf(told['input_tokens']),
    cachedInputTokens: countOf(fieldsOf(told['input_tokens_details'])['cached_tokens']),
    outputTokens: countOf(told['output_tokens']),
    reasoningTokens: countOf(fieldsOf(told['output_tokens_details'])['reasoning_tokens']),
  }
}

function regularUsage(usage: ModelUsage | null): object | null {
  if (usage === null) return null
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: { cached_tokens: usage.cachedInputTokens },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  }
}
