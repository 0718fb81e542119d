import { stringifyJson } from '../../kernel/json.ts'
import type { ModelUsage } from '../model.ts'
import { readEnd, responsesEnds } from './ends.ts'
import { countOf, type Fields, fieldsOf, isObject, textOf } from './fields.ts'
import { answer, type EventReading, passedOver, unreadable, type WireFormat, type WireReader } from './format.ts'

/** OpenAI's responses API. */
export const responses: WireFormat = { createReader: createResponsesReader }

/** The items that make up an answer. Items of tools that the provider runs itself are ignored. */
const itemTypes: readonly unknown[] = ['message', 'reasoning', 'function_call']

/** The events that extend an item, with the field that holds the extension; all name the item's id. */
const growing: Readonly<Record<string, string>> = {
  'response.output_text.delta': 'delta',
  'response.refusal.delta': 'delta',
  'response.refusal.done': 'refusal',
  'response.reasoning_summary_text.delta': 'delta',
  'response.function_call_arguments.delta': 'delta',
  'response.function_call_arguments.done': 'arguments',
}

const reasoningParts: readonly unknown[] = [
  'response.reasoning_summary_part.added',
  'response.reasoning_summary_part.done',
]

function createResponsesReader(): WireReader {
  let end: WireReader['end'] = null
  let usage: ModelUsage | null = null
  let last: Fields = {}
  let isOver = false
  let refusal = ''
  let hasSaid = false
  const ids = new Map<number, string>()
  /** Function calls that have been reported as complete. */
  const called = new Set<unknown>()

  const close = (type: string, response: Fields): EventReading => {
    isOver = true
    last = response
    if (isObject(response['usage'])) usage = usageOf(fieldsOf(response['usage']))
    const why = textOf(fieldsOf(response['incomplete_details'])['reason'])
    const said =
      type === 'response.incomplete' ? (why ?? 'incomplete') : (why ?? textOf(response['status']) ?? 'completed')
    end = { said, read: readEnd(responsesEnds, said) }
    return passedOver
  }
  const item = (event: Fields): EventReading => {
    const told = fieldsOf(event['item'])
    if (!itemTypes.includes(told['type'])) return typeof told['type'] === 'string' ? passedOver : unreadable
    const index = countOf(event['output_index'])
    const id = ids.get(index) ?? textOf(told['id']) ?? `item_${index}`
    ids.set(index, id)
    if (told['type'] !== 'function_call') return answer({ ...event, output_index: index, item: { ...told, id } })
    if (typeof told['name'] !== 'string') return unreadable
    const call = { ...regularCall(told, index), id }
    if (event['type'] === 'response.output_item.done') called.add(call.call_id)
    return answer({ type: event['type'], output_index: index, item: call })
  }
  const grow = (type: string, event: Fields): EventReading => {
    const field = growing[type] ?? ''
    const said = textOf(event[field] ?? '')
    if (said === undefined) return unreadable
    if (type === 'response.output_text.delta') hasSaid = true
    if (type === 'response.refusal.delta') refusal += said
    if (type === 'response.refusal.done') refusal = said
    const index = countOf(event['output_index'])
    const { logprobs: _logprobs, ...rest } = event
    const id = textOf(event['item_id']) ?? ids.get(index) ?? `item_${index}`
    return answer({ summary_index: 0, ...rest, [field]: said, item_id: id, output_index: index })
  }
  /** Items of the whole response that were never reported, or calls never reported as complete. */
  const lateItems = (): readonly object[] => {
    const output: readonly unknown[] = Array.isArray(last['output']) ? last['output'] : []
    return output.flatMap((each, index) => {
      const told = fieldsOf(each)
      const isCall = told['type'] === 'function_call'
      const isTold = isCall ? called.has(regularCall(told, index).call_id) : ids.has(index) || hasSaid
      if (isTold || !itemTypes.includes(told['type'])) return []
      const place = { output_index: index, item: told }
      const events = [
        ...(isCall ? [] : [item({ type: 'response.output_item.added', ...place })]),
        ...wordsIn(told).map(([type, delta]) => grow(type, { type, delta, output_index: index })),
        item({ type: 'response.output_item.done', ...place }),
      ]
      return events.flatMap((reading) => (reading.kind === 'answer' ? reading.events : []))
    })
  }
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
        if (isObject(response['usage'])) usage = usageOf(fieldsOf(response['usage']))
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
      if (typeof type !== 'string') return unreadable
      if (type === 'response.completed' || type === 'response.incomplete') return close(type, response)
      if (type === 'response.output_item.added' || type === 'response.output_item.done') return item(event)
      if (type in growing) return grow(type, event)
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
      return answer(...lateItems(), { type, response })
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

/** The text of a whole message, as the deltas that would have carried it. */
function wordsIn({ type, content }: Fields): readonly (readonly [type: string, delta: string])[] {
  if (type !== 'message' || !Array.isArray(content)) return []
  return content.map(fieldsOf).map((part) => {
    const isRefusal = part['type'] === 'refusal'
    const said = textOf(isRefusal ? part['refusal'] : part['text']) ?? ''
    return [isRefusal ? 'response.refusal.delta' : 'response.output_text.delta', said]
  })
}

function regularCall(told: Fields, index: number) {
  const id = textOf(told['call_id'])?.trim() ?? ''
  const given = told['arguments'] ?? ''
  return {
    type: 'function_call',
    call_id: id === '' ? `call_${index + 1}` : id,
    name: told['name'],
    arguments: typeof given === 'string' ? given : stringifyJson(given),
    status: 'completed',
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
