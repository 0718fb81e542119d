import { stringifyJson } from '../../kernel/json.ts'
import type { AnswerRoom } from './answer-room.ts'
import { countOf, type Fields, fieldsOf, textOf } from './fields.ts'
import { addedArguments } from './grown-arguments.ts'

/** One item of an answer, as far as it has been told. */
interface OpenItem {
  readonly type: 'message' | 'reasoning' | 'function_call'
  readonly id: string
  /** Of a function call. */
  readonly name: unknown
  /** Of a function call: an id that no other call of this answer has. */
  readonly callId: string
  hasText: boolean
  arguments: string
  isDone: boolean
}

/** The items of one answer, told completely: what a server left out of its events is taken from those that repeat it. */
export interface ResponseItems {
  /** `response.output_item.added` and `.done`: what to pass on; null if the item makes no sense. */
  item(event: Fields): readonly object[] | null
  /** An event that extends an item. */
  grow(type: string, event: Fields): readonly object[] | null
  /** What is missing at the end, by the whole response's list of items. `isWhole`: no limit has cut the last call. */
  late(output: unknown, isWhole: boolean): readonly object[]
  readonly refusal: string
}

/** The items that make up an answer. Items of tools that the provider runs itself are ignored. */
const itemTypes: readonly unknown[] = ['message', 'reasoning', 'function_call'] satisfies OpenItem['type'][]

/** The events that extend an item, with the field that holds what they tell. */
export const growing: Readonly<Record<string, string>> = {
  'response.output_text.delta': 'delta',
  'response.output_text.done': 'text',
  'response.refusal.delta': 'delta',
  'response.refusal.done': 'refusal',
  'response.reasoning_text.delta': 'delta',
  'response.reasoning_summary_text.delta': 'delta',
  'response.function_call_arguments.delta': 'delta',
  'response.function_call_arguments.done': 'arguments',
}

export function createResponseItems(room: AnswerRoom): ResponseItems {
  const items = new Map<number, OpenItem>()
  const callIds = new Set<string>()
  let latest = 0
  let refusal = ''

  const open = (index: number, told: Fields): OpenItem => {
    room.begin()
    const type = told['type'] as OpenItem['type']
    const id = room.keep(textOf(told['id']) ?? `item_${index}`)
    const name = type === 'function_call' ? room.keep(textOf(told['name']) ?? '') : undefined
    const known = room.keep(textOf(told['call_id'])?.trim() ?? '')
    // Whoever answers two calls with one id could not tell them apart.
    const callId = known === '' || callIds.has(known) ? `call_${index + 1}` : known
    if (type === 'function_call') callIds.add(callId)
    const item: OpenItem = { type, id, name, callId, hasText: false, arguments: '', isDone: false }
    items.set(index, item)
    return item
  }
  /** The whole text, which repeats what has been told of it; that itself if the whole is left out. */
  const grown = (before: string, whole: string): string => {
    room.keep(whole.slice(before.length))
    return whole === '' ? before : whole
  }
  const placeOf = (event: Fields): number => {
    latest = event['output_index'] === undefined ? latest : countOf(event['output_index'])
    return latest
  }
  const begin = (index: number, told: Fields): readonly [item: OpenItem, begun: object] => {
    const item = open(index, told)
    const regular = item.type === 'function_call' ? callOf(item, '') : { ...told, id: item.id }
    return [item, { type: 'response.output_item.added', output_index: index, item: regular }]
  }
  const ended = (index: number, item: OpenItem, told: Fields): readonly object[] => {
    if (item.isDone) return []
    item.isDone = true
    room.keep(textOf(told['encrypted_content']) ?? '')
    const given = argumentsOf(told['arguments'])
    const whole = item.type === 'function_call' ? callOf(item, grown(item.arguments, given)) : { ...told, id: item.id }
    return [...words(index, item, told), { type: 'response.output_item.done', output_index: index, item: whole }]
  }
  /** The text of a whole message whose deltas were left out. */
  const words = (index: number, item: OpenItem, { content }: Fields): readonly object[] => {
    if (item.type !== 'message' || item.hasText || !Array.isArray(content)) return []
    return content.map(fieldsOf).flatMap((part) => {
      const isRefusal = part['type'] === 'refusal'
      const said = textOf(isRefusal ? part['refusal'] : part['text']) ?? ''
      return say(index, item, isRefusal ? 'response.refusal.delta' : 'response.output_text.delta', said)
    })
  }
  const say = (index: number, item: OpenItem, type: string, delta: string): readonly object[] => {
    if (delta === '') return []
    item.hasText = true
    if (type === 'response.refusal.delta') refusal += room.keep(delta)
    return [{ type, item_id: item.id, output_index: index, delta }]
  }
  /** The end of a call that its server did not end before it went on. */
  const closed = (index: number): readonly object[] => {
    const item = items.get(index)
    return item?.type === 'function_call' ? ended(index, item, {}) : []
  }
  return {
    item(event) {
      const told = fieldsOf(event['item'])
      if (!itemTypes.includes(told['type'])) return typeof told['type'] === 'string' ? [] : null
      if (told['type'] === 'function_call' && typeof told['name'] !== 'string') return null
      const index = placeOf(event)
      const known = items.get(index)
      if (event['type'] === 'response.output_item.done') {
        if (known !== undefined && !known.isDone) return ended(index, known, told)
        const [item, begun] = begin(index, told)
        return [begun, ...ended(index, item, told)]
      }
      const before = known === undefined ? [] : closed(index)
      return [...before, begin(index, told)[1]]
    },
    grow(type, event) {
      const said = textOf(event[growing[type] ?? ''] ?? '')
      if (said === undefined) return null
      const index = placeOf(event)
      const item = items.get(index)
      const id = item?.id ?? textOf(event['item_id']) ?? `item_${index}`
      if (type.startsWith('response.reasoning')) {
        const place = { item_id: id, output_index: index, summary_index: countOf(event['summary_index']) }
        return [{ type: 'response.reasoning_summary_text.delta', ...place, delta: said }]
      }
      // Servers leave out the beginning of an item.
      const told = item ?? open(index, { type: type.includes('function_call') ? 'function_call' : 'message', id })
      if (told.type === 'function_call') {
        const added = type.endsWith('.done') ? '' : room.keep(addedArguments(told.arguments, said))
        told.arguments = type.endsWith('.done') ? grown(told.arguments, said) : told.arguments + added
        const delta = { type: 'response.function_call_arguments.delta', item_id: id, output_index: index, delta: added }
        return added === '' ? [] : [delta]
      }
      if (type.endsWith('.delta')) return say(index, told, type, said)
      if (type === 'response.refusal.done') refusal = grown(refusal, said)
      return told.hasText ? [] : say(index, told, type.replace(/done$/, 'delta'), said)
    },
    late(output, isWhole) {
      const listed = Array.isArray(output) ? output.map(fieldsOf) : []
      const missing = listed.flatMap((told, index) => {
        if (!itemTypes.includes(told['type'])) return []
        const known = items.get(index)
        if (known === undefined && [...items.values()].some(({ id }) => id === told['id'])) return []
        if (known?.isDone) return words(index, known, told)
        if (known !== undefined) return ended(index, known, told)
        const [item, begun] = begin(index, told)
        return [begun, ...ended(index, item, told)]
      })
      return isWhole ? [...missing, ...[...items.keys()].flatMap(closed)] : missing
    },
    get refusal() {
      return refusal
    },
  }
}

function callOf({ callId, id, name }: OpenItem, given: string): object {
  return { type: 'function_call', id, call_id: callId, name, arguments: given, status: 'completed' }
}

function argumentsOf(given: unknown): string {
  if (given === undefined || given === null) return ''
  return typeof given === 'string' ? given : stringifyJson(given)
}
