import { stringifyJson } from '../../kernel/json.ts'
import { type Fields, fieldsOf, isObject, textOf } from './fields.ts'

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
export function createAnthropicBlocks(): AnthropicBlocks {
  const blocks = new Map<number, BlockType | 'other'>()
  let latest = -1
  let calls = 0
  let text = ''

  const start = (index: number, block: Fields): readonly object[] | null => {
    const regular = regularBlock(block, calls + 1)
    if (regular === null) return null
    blocks.set(index, regular.type)
    if (regular.type === 'other') return []
    if (regular.type === 'tool_use') calls += 1
    const begun = { type: 'content_block_start', index, content_block: regular.block }
    return [begun, ...regular.said.map((delta) => ({ type: 'content_block_delta', index, delta }))]
  }
  const say = (index: number, delta: Fields): readonly object[] | null => {
    const type = textOf(delta['type'])
    if (type === undefined) return null
    const field = deltaFields[type]
    if (field === undefined || blocks.get(index) === 'other') return []
    const said = textOf(delta[field] ?? '')
    if (said === undefined) return null
    if (said === '') return []
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
    const type = blocks.get(index)
    blocks.delete(index)
    return type === undefined || type === 'other' ? [] : [{ type: 'content_block_stop', index }]
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

interface RegularBlock {
  readonly type: BlockType | 'other'
  readonly block: object
  /** What the block began with. */
  readonly said: readonly object[]
}

function regularBlock(block: Fields, call: number): RegularBlock | null {
  const { type, id, name, input, data } = block
  switch (type) {
    case 'text':
    case 'thinking': {
      const words = textOf(block[type]) ?? ''
      const signature = textOf(block['signature']) ?? ''
      const said = [
        ...(words === '' ? [] : [{ type: `${type}_delta`, [type]: words }]),
        ...(signature === '' ? [] : [{ type: 'signature_delta', signature }]),
      ]
      return { type, block: { type, [type]: '' }, said }
    }
    case 'redacted_thinking':
      return typeof data === 'string' ? { type, block: { type, data }, said: [] } : null
    case 'tool_use': {
      if (typeof name !== 'string') return null
      const isGiven = isObject(input) && Object.keys(input).length > 0
      const said = isGiven ? [{ type: 'input_json_delta', partial_json: stringifyJson(input) }] : []
      const known = textOf(id)?.trim() ?? ''
      return { type, block: { type, id: known === '' ? `toolu_${call}` : known, name, input: {} }, said }
    }
    default:
      return typeof type === 'string' ? { type: 'other', block, said: [] } : null
  }
}
