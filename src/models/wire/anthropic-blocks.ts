import { stringifyJson } from '../../kernel/json.ts'
import type { AnswerRoom } from './answer-room.ts'
import { type Fields, fieldsOf, isObject, textOf } from './fields.ts'
import { addedArguments } from './grown-arguments.ts'

type BlockType = 'text' | 'thinking' | 'redacted_thinking' | 'tool_use'

/** The blocks of one message, by their index. */
export interface AnthropicBlocks {
  /** What to pass on of an event about a block; null if it makes no sense. */
  read(event: Fields): readonly object[] | null
  /** Ends what its server left open. */
  end(): readonly object[]
  readonly hasCalls: boolean
  /** How the text begins. */
  readonly text: string
}

const maxTextLength = 1000

/** The field that we read of each kind of delta. Other kinds are ignored. */
const deltaFields: Readonly<Record<string, string>> = {
  text_delta: 'text',
  thinking_delta: 'thinking',
  signature_delta: 'signature',
  input_json_delta: 'partial_json',
}

/** A block of another kind, such as that of a tool that the provider runs itself, is ignored as a whole. */
export function createAnthropicBlocks(room: AnswerRoom): AnthropicBlocks {
  const blocks = new Map<number, OpenBlock>()
  const ids = new Set<string>()
  let latest = -1
  let calls = 0
  let text = ''

  const start = (index: number, block: Fields): readonly object[] | null => {
    room.begin()
    const regular = regularBlock(block, { call: calls + 1, ids, room })
    if (regular === null) return null
    // Some servers give all blocks one index and end none.
    const before = stop(index)
    blocks.set(index, { type: regular.type, given: regular.given, input: '' })
    if (regular.type === 'other') return before
    if (regular.type === 'tool_use') calls += 1
    const begun = { type: 'content_block_start', index, content_block: regular.block }
    return [...before, begun, ...regular.said.map((delta) => ({ type: 'content_block_delta', index, delta }))]
  }
  const say = (index: number, delta: Fields): readonly object[] | null => {
    const type = textOf(delta['type'])
    if (type === undefined) return null
    const field = deltaFields[type]
    const block = blocks.get(index)
    if (field === undefined || block?.type === 'other') return []
    const told = type === 'input_json_delta' ? argumentsOf(delta[field]) : textOf(delta[field] ?? '')
    if (told === undefined) return null
    const added = block?.type === 'tool_use' ? addedArguments(block.input, told) : told
    // Text and thinking are said as they come; the rest is kept until its block is whole.
    const said = field === 'text' || field === 'thinking' ? added : room.keep(added)
    if (said === '') return []
    if (block !== undefined) block.input += block.type === 'tool_use' ? said : ''
    if (type === 'text_delta' && text.length < maxTextLength) text += said
    const begun = blocks.has(index) ? [] : startFor(index, type)
    return begun === null ? null : [...begun, { type: 'content_block_delta', index, delta: { type, [field]: said } }]
  }
  /** Some servers begin a block with its first delta. */
  const startFor = (index: number, type: string) => {
    if (type === 'text_delta') return start(index, { type: 'text', text: '' })
    return type === 'thinking_delta' ? start(index, { type: 'thinking', thinking: '' }) : null
  }
  const stop = (index: number): readonly object[] => {
    const block = blocks.get(index)
    blocks.delete(index)
    if (block === undefined || block.type === 'other') return []
    const delta = { type: 'input_json_delta', partial_json: block.given }
    const late = block.input === '' && block.given !== '' ? [{ type: 'content_block_delta', index, delta }] : []
    return [...late, { type: 'content_block_stop', index }]
  }
  return {
    read(event) {
      const index = typeof event['index'] === 'number' ? event['index'] : Math.max(latest, 0)
      latest = index
      switch (event['type']) {
        case 'content_block_start':
          return isObject(event['content_block']) ? start(index, fieldsOf(event['content_block'])) : null
        case 'content_block_delta':
          return isObject(event['delta']) ? say(index, fieldsOf(event['delta'])) : null
        default:
          return stop(index)
      }
    },
    end: () => [...blocks.keys()].flatMap(stop),
    get hasCalls() {
      return calls > 0
    },
    get text() {
      return text
    },
  }
}

interface OpenBlock {
  readonly type: BlockType | 'other'
  /** The arguments that a call began with; they count if none follow. */
  readonly given: string
  /** The arguments that followed. */
  input: string
}

interface RegularBlock {
  readonly type: BlockType | 'other'
  readonly block: object
  readonly given: string
  /** What the block began with. */
  readonly said: readonly object[]
}

interface BlockPlace {
  /** The number of the call that this block would be. */
  readonly call: number
  readonly ids: Set<string>
  readonly room: AnswerRoom
}

function regularBlock(block: Fields, { call, ids, room }: BlockPlace): RegularBlock | null {
  const { type, id, name, input, data } = block
  switch (type) {
    case 'text':
    case 'thinking': {
      const words = textOf(block[type]) ?? ''
      const signature = room.keep(textOf(block['signature']) ?? '')
      const said = [
        ...(words === '' ? [] : [{ type: `${type}_delta`, [type]: words }]),
        ...(signature === '' ? [] : [{ type: 'signature_delta', signature }]),
      ]
      return { type, block: { type, [type]: '' }, given: '', said }
    }
    case 'redacted_thinking':
      return typeof data === 'string' ? { type, block: { type, data: room.keep(data) }, given: '', said: [] } : null
    case 'tool_use': {
      if (typeof name !== 'string') return null
      const isGiven = isObject(input) && Object.keys(input).length > 0
      const known = textOf(id)?.trim() ?? ''
      // Whoever answers two calls with one id could not tell them apart.
      const own = known === '' || ids.has(known) ? `toolu_${call}` : room.keep(known)
      ids.add(own)
      const given = isGiven ? room.keep(stringifyJson(input)) : ''
      return { type, block: { type, id: own, name: room.keep(name), input: {} }, given, said: [] }
    }
    default:
      return typeof type === 'string' ? { type: 'other', block, given: '', said: [] } : null
  }
}

function argumentsOf(value: unknown): string | undefined {
  return isObject(value) ? stringifyJson(value) : textOf(value ?? '')
}
