import { type Fields, fieldsOf, isObject, textOf } from './fields.ts'

interface OpenCall {
  readonly index: number
  /** The provider's own words for which call a delta belongs to. */
  readonly wireIndex: number | null
  wireId: string
  id: string
  name: string
  /** What came before the name did. */
  held: string
  extra: object | undefined
}

/** Puts together the deltas of function calls that belong to one call, and says them as OpenAI does. */
export interface ChatCalls {
  /** The deltas to pass on; null where there is no telling what one of them is. */
  read(deltas: unknown): readonly object[] | null
  /** Whether every call has a name. */
  readonly isNamed: boolean
}

/**
 * Servers leave out `index` (Gemini), give all calls the same (Gemini, again), or write a call whole in each delta; leave
 * out the id, repeat it, or make it empty; tell the name after the arguments, and arguments as an object. So a delta
 * begins a call if its index is new, or its id; without either, if it has a name.
 */
export function createChatCalls(): ChatCalls {
  const calls: OpenCall[] = []
  const ids = new Set<string>()

  const find = (index: number | null, id: string, name: string): OpenCall | undefined => {
    const byIndex = index === null ? undefined : calls.findLast(({ wireIndex }) => wireIndex === index)
    if (byIndex !== undefined) {
      const isAnother = id !== '' && byIndex.wireId !== '' && id !== byIndex.wireId && name !== ''
      return isAnother ? undefined : byIndex
    }
    if (index !== null && calls.some(({ wireIndex }) => wireIndex !== null)) return undefined
    if (id !== '') return calls.findLast(({ wireId }) => wireId === id)
    return name === '' ? calls.at(-1) : undefined
  }
  const begin = (wireIndex: number | null, wireId: string): OpenCall => {
    const index = calls.length
    // Two calls with one id could not be told apart by whoever answers them.
    const id = wireId === '' || ids.has(wireId) ? `call_${index + 1}` : wireId
    ids.add(id)
    const call: OpenCall = { index, wireIndex, wireId, id, name: '', held: '', extra: undefined }
    calls.push(call)
    return call
  }
  const readOne = (delta: Fields): object | null => {
    const told = fieldsOf(delta['function'])
    const index = typeof delta['index'] === 'number' ? delta['index'] : null
    const id = (textOf(delta['id']) ?? '').trim()
    const name = (textOf(told['name']) ?? '').trim()
    const call = find(index, id, name) ?? begin(index, id)
    const text = argumentsOf(told['arguments'])
    call.extra ??= thoughtOf(delta['extra_content'])
    if (call.name !== '') return { index: call.index, function: { arguments: text } }
    call.held += text
    if (name === '') return null
    call.name = name
    const extra = call.extra === undefined ? {} : { extra_content: call.extra }
    return { index: call.index, id: call.id, type: 'function', function: { name, arguments: call.held }, ...extra }
  }
  return {
    read(deltas) {
      if (deltas === null || deltas === undefined) return []
      if (!Array.isArray(deltas)) return null
      const known = deltas.filter((delta) => delta !== null)
      if (!known.every(isObject)) return null
      return known.flatMap((delta) => readOne(fieldsOf(delta)) ?? [])
    },
    get isNamed() {
      return calls.every(({ name }) => name !== '')
    },
  }
}

function argumentsOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Gemini wants its signature back with the call. */
function thoughtOf(value: unknown): object | undefined {
  const signature = textOf(fieldsOf(fieldsOf(value)['google'])['thought_signature'])
  return signature === undefined ? undefined : { google: { thought_signature: signature } }
}
