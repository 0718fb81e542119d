import { parsed, stringifyJson } from '../../kernel/json.ts'
import type { AnswerRoom } from './answer-room.ts'
import { type Fields, fieldsOf, isObject, textOf } from './fields.ts'
import { addedArguments, isStandIn } from './grown-arguments.ts'

interface OpenCall {
  readonly index: number
  /** The provider's own index of the call. */
  readonly wireIndex: number | null
  readonly wireId: string
  readonly id: string
  name: string
  /** All arguments so far. */
  text: string
  /** The end of them that has not been passed on. */
  held: string
  extra: object | undefined
}

/** Which call a delta says it belongs to. */
interface Marks {
  readonly index: number | null
  readonly id: string
  readonly name: string
  readonly text: string
}

/** Collects the deltas of each function call and writes them in OpenAI's form. */
export interface ChatCalls {
  /** The deltas to pass on; null if one of them cannot be understood. */
  read(deltas: unknown): readonly object[] | null
  /** What was held back. */
  rest(): readonly object[]
  /** Whether every call has a name. */
  readonly isNamed: boolean
}

/**
 * Servers leave out `index` (Gemini), give all calls the same (Gemini, again), or repeat the name in each delta; leave
 * out the id, repeat it, or make it empty; tell the name after the arguments, and arguments as an object. So a delta
 * goes on with the call of its index, else of its id, else the last one; but with a name it begins another, unless it
 * can only be more of the same.
 */
export function createChatCalls(room: AnswerRoom): ChatCalls {
  const calls: OpenCall[] = []
  const ids = new Set<string>()

  const find = (marks: Marks): OpenCall | undefined => {
    const { index, id } = marks
    const sameIndex = index === null ? undefined : calls.findLast(({ wireIndex }) => wireIndex === index)
    if (sameIndex !== undefined) return isAnother(sameIndex, marks) ? undefined : sameIndex
    if (index !== null && calls.some(({ wireIndex }) => wireIndex !== null)) return undefined
    if (id !== '') return calls.findLast(({ wireId }) => wireId === id)
    const last = calls.at(-1)
    return last === undefined || isAnother(last, marks) ? undefined : last
  }
  const begin = ({ index: wireIndex, id: wireId }: Marks): OpenCall => {
    room.begin()
    const index = calls.length
    // Whoever answers two calls with one id could not tell them apart.
    const id = wireId === '' || ids.has(wireId) ? `call_${index + 1}` : room.keep(wireId)
    ids.add(id)
    const call: OpenCall = { index, wireIndex, wireId, id, name: '', text: '', held: '', extra: undefined }
    calls.push(call)
    return call
  }
  const grow = (call: OpenCall, piece: string) => {
    if (isStandIn(call.text) && piece.trimStart().startsWith('{')) call.text = call.held = ''
    const added = room.keep(addedArguments(call.text, piece))
    call.text += added
    call.held += added
  }
  const release = (call: OpenCall): string => {
    if (isStandIn(call.text)) return ''
    const { held } = call
    call.held = ''
    return held
  }
  const readOne = (delta: Fields): object | null => {
    const told = fieldsOf(delta['function'] ?? delta)
    const marks: Marks = {
      index: typeof delta['index'] === 'number' ? delta['index'] : null,
      id: (textOf(delta['id']) ?? '').trim(),
      name: (textOf(told['name']) ?? '').trim(),
      text: argumentsOf(told['arguments']),
    }
    const call = find(marks) ?? begin(marks)
    call.extra ??= thoughtOf(delta['extra_content'], room)
    grow(call, marks.text)
    if (call.name !== '') {
      const added = release(call)
      return added === '' ? null : { index: call.index, function: { arguments: added } }
    }
    if (marks.name === '') return null
    call.name = room.keep(marks.name)
    const extra = call.extra === undefined ? {} : { extra_content: call.extra }
    const begun = { name: call.name, arguments: release(call) }
    return { index: call.index, id: call.id, type: 'function', function: begun, ...extra }
  }
  return {
    read(deltas) {
      if (deltas === null || deltas === undefined || deltas === '') return []
      const listed = Array.isArray(deltas) ? deltas : [deltas]
      const known = listed.filter((delta) => delta !== null && !(isObject(delta) && Object.keys(delta).length === 0))
      if (!known.every(isObject)) return null
      return known.flatMap((delta) => readOne(fieldsOf(delta)) ?? [])
    },
    rest: () =>
      calls.filter(({ held }) => held !== '').map(({ index, held }) => ({ index, function: { arguments: held } })),
    get isNamed() {
      return calls.every(({ name }) => name !== '')
    },
  }
}

/** A name begins another call if the id says so, or if the call before it is whole and this one begins anew. */
function isAnother(call: OpenCall, { id, name, text }: Marks): boolean {
  if (name === '' || call.name === '') return false
  if (id !== '' && call.wireId !== '') return id !== call.wireId
  return name !== call.name || (text.trimStart().startsWith('{') && isObject(parsed(call.text)))
}

function argumentsOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : stringifyJson(value)
}

/** Gemini wants its signature back with the call. */
function thoughtOf(value: unknown, room: AnswerRoom): object | undefined {
  const signature = textOf(fieldsOf(fieldsOf(value)['google'])['thought_signature'])
  return signature === undefined ? undefined : { google: { thought_signature: room.keep(signature) } }
}
