import { describe, expect, test } from 'vitest'
import { fitTool } from '../../../src/models/fit/fit-tool.ts'
import { anyToolSchema } from '../../../src/models/fit/tool-schema-rules.ts'
import type { ModelTool } from '../../../src/models/model.ts'
import { callWith, startWire } from '../provider/wire.ts'
import { user } from './said.ts'
import { type SentTo, sentBody } from './sent.ts'

type Schema = ModelTool['parameters']

const tool = (parameters: Schema, more: Partial<ModelTool> = {}): ModelTool => {
  return { name: 'find', description: 'Finds.', parameters, ...more }
}
const object = (properties: Schema, more: object = {}): Schema => ({ type: 'object', properties, ...more })

interface SentTool {
  readonly name: string
  readonly description?: string
  readonly schema: unknown
}

async function sentTools(to: SentTo, tools: readonly ModelTool[]): Promise<readonly SentTool[]> {
  const { json } = await sentBody(to, { prompt: [user('Hi')], tools })
  const sent = json['tools'] as readonly Record<string, unknown>[]
  return sent.map((each) => {
    const { name, description, parameters, input_schema } = (each['function'] ?? each) as Record<string, string>
    return { name: name ?? '', ...(description !== undefined && { description }), schema: parameters ?? input_schema }
  })
}

const anthropic = { model: 'anthropic:claude-sonnet-4-5' }
const openai = { model: 'openai:gpt-5.4' }
const chat = { model: 'openai-chat:gpt-5.4' }
const compatible = { model: 'compatible:llama-3.3' }
const kimi = { model: 'compatible:kimi-k2.6' }
const all = [anthropic, openai, chat, compatible]
const s = { type: 'string' }
const union = { anyOf: [object({ city: s }, { required: ['city'] }), object({ zip: s }, { required: ['zip'] })] }
const inward = (inner: object, more: object = {}) => ({ ...object({ input: inner }), required: ['input'], ...more })

/** What a caller declares, and what its provider is sent. One line a report. */
const cases: readonly (readonly [what: string, to: readonly SentTo[], declared: Schema, sent: Schema])[] = [
  ['a union on top', all, { type: 'object', ...union }, inward({ type: 'object', ...union })],
  ['a union on top that says of what only inside', all, union, inward({ ...union, type: 'object' })],
  [
    'one of several must be there',
    all,
    object({ a: s, b: s }, { anyOf: [{ required: ['a'] }, { required: ['b'] }] }),
    inward(object({ a: s, b: s }, { anyOf: [{ required: ['a'] }, { required: ['b'] }] })),
  ],
  ['all of several', all, object({}, { allOf: [object({ a: s })] }), inward(object({}, { allOf: [object({ a: s })] }))],
  [
    'references below a union on top',
    all,
    { type: 'object', oneOf: [{ $ref: '#/$defs/a' }], $defs: { a: object({ next: { $ref: '#' } }) } },
    inward(
      { type: 'object', oneOf: [{ $ref: '#/$defs/a' }] },
      { $defs: { a: object({ next: { $ref: '#/properties/input' } }) } },
    ),
  ],
  [
    'a union further down stays',
    all,
    object({ x: { anyOf: [s, { type: 'null' }] } }),
    object({ x: { anyOf: [s, { type: 'null' }] } }),
  ],
  [
    '$filter',
    [anthropic, { model: 'compatible:anthropic/claude-sonnet-4.6' }],
    object({ $filter: s, '@odata.type': s, top: s }, { required: ['$filter'] }),
    object({ _filter: s, '_odata.type': s, top: s }, { required: ['_filter'] }),
  ],
  ['$filter beside _filter', [anthropic], object({ $filter: s, _filter: s }), object({ _filter_2: s, _filter: s })],
  ['a name of 65', [anthropic], object({ ['x'.repeat(65)]: s }), object({ ['x'.repeat(60)]: s })],
  [
    'names within, and what refers to them',
    [anthropic],
    object({ x: object({ 'a b': s }, { default: { 'a b': 'c' } }), y: { $ref: '#/properties/x/properties/a%20b' } }),
    object({ x: object({ a_b: s }, { default: { a_b: 'c' } }), y: { $ref: '#/properties/x/properties/a_b' } }),
  ],
  ['$filter', [openai, chat, compatible], object({ $filter: s }), object({ $filter: s })],
  ...[{ type: 'number' }, true, { enum: ['a'] }].map(
    (propertyNames) =>
      [
        `names of properties that are ${JSON.stringify(propertyNames)}`,
        [openai, chat, compatible],
        object({ x: { type: 'object', propertyNames, additionalProperties: s } }),
        object({ x: { type: 'object', additionalProperties: s } }),
      ] as const,
  ),
  [
    'an array of anything',
    [openai, chat, compatible],
    object({ x: { type: 'array' } }),
    object({ x: { type: 'array', items: {} } }),
  ],
  ['an array of anything', [anthropic], object({ x: { type: 'array' } }), object({ x: { type: 'array' } })],
  [
    'a tuple of draft-07',
    [openai, chat, compatible],
    object({ x: { type: 'array', items: [s, { type: 'number' }], additionalItems: false } }),
    object({
      x: {
        type: 'array',
        prefixItems: [s, { type: 'number' }],
        items: { anyOf: [s, { type: 'number' }] },
        maxItems: 2,
      },
    }),
  ],
  [
    'a tuple of draft-07',
    [anthropic],
    object({ x: { type: 'array', items: [s] } }, { $schema: 'http://json-schema.org/draft-07/schema#' }),
    object({ x: { type: 'array', prefixItems: [s] } }),
  ],
  [
    'null is allowed (OpenAPI)',
    all,
    object({ x: { type: 'string', nullable: true } }),
    object({ x: { type: ['string', 'null'] } }),
  ],
  [
    'words that Gemini does not know',
    [{ model: 'compatible:google/gemini-3-pro' }],
    object({
      a: { const: 'x' },
      b: { type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 9 },
      c: { type: 'number', exclusiveMinimum: 0 },
      d: { type: 'integer', enum: [1, 2], description: 'How many.' },
    }),
    object({
      a: { enum: ['x'] },
      b: { type: 'integer', minimum: 1, maximum: 8 },
      c: { type: 'number', minimum: 0 },
      d: { type: 'integer', description: 'How many. One of: 1, 2.' },
    }),
  ],
  [
    'a type beside alternatives',
    [kimi],
    object({ x: { type: 'string', anyOf: [{ const: 'a' }, { enum: ['b'] }] } }),
    object({
      x: {
        anyOf: [
          { type: 'string', const: 'a' },
          { type: 'string', enum: ['b'] },
        ],
      },
    }),
  ],
  [
    'a union on top, beside what all have',
    [kimi],
    object({ a: s, b: s }, { anyOf: [{ required: ['a'] }, { required: ['b'] }] }),
    inward({
      anyOf: ['a', 'b'].map((name) => ({ type: 'object', properties: { a: s, b: s }, required: [name] })),
    }),
  ],
  [
    'no type',
    [kimi],
    object({ x: { enum: ['a'] }, y: { const: 1 }, z: { minItems: 1 }, any: { description: 'Anything.' } }),
    object({
      x: { type: 'string', enum: ['a'] },
      y: { type: 'integer', const: 1 },
      z: { type: 'array', minItems: 1 },
      any: { type: 'string', description: 'Anything.' },
    }),
  ],
  [
    'words beside a reference',
    [kimi],
    object(
      { x: { $ref: '#/$defs/A', description: 'the x' } },
      { $defs: { A: { type: 'string', description: 'an A' } } },
    ),
    object({ x: { $ref: '#/$defs/A' } }, { $defs: { A: { type: 'string', description: 'an A' } } }),
  ],
  [
    'conditions',
    [kimi],
    object({ x: object({}, { if: { required: ['a'] }, else: { required: ['b'] } }) }),
    object({ x: object({}) }),
  ],
  [
    'nothing but a reference',
    all,
    { $ref: '#/definitions/In', definitions: { In: object({ a: s }) } },
    { ...object({ a: s }), definitions: { In: object({ a: s }) } },
  ],
]

describe.each(
  cases.flatMap(([what, to, declared, sent]) => to.map((each) => [what, each.model, each, declared, sent] as const)),
)('%s, to %s', (_what, _model, to, declared, sent) => {
  test('is sent as it is taken', async () => {
    expect((await sentTools(to, [tool(declared)]))[0]?.schema).toEqual(sent)
  })
})

test.each([openai, chat])('a description beyond 1024 characters goes on in the schema: $model', async (to) => {
  const description = `${'x'.repeat(1023)}😀 and more`
  const [sent] = await sentTools(to, [tool(object({}), { description })])
  expect(sent?.description).toBe('x'.repeat(1023))
  expect(sent?.schema).toMatchObject({ description: '😀 and more' })
  const [other] = await sentTools(anthropic, [tool(object({}), { description })])
  expect(other?.description).toBe(description)
})

test.each([{ model: 'compatible:kimi-k2.5' }, { model: 'compatible:gemini-3-pro' }])(
  'names of functions begin with a letter for $model',
  async (to) => {
    const names = ['$', '$find', 'a$b', 'x'.repeat(64)]
    const sent = await sentTools(
      to,
      names.map((name) => tool(object({}), { name })),
    )
    expect(sent.map(({ name }) => name)).toEqual(['f-', 'f-find', 'a-b', 'x'.repeat(64)])
  },
)

describe.each([
  ['anthropic', 'claude-sonnet-4-5', { name: '-find', arguments: '{"_filter":{"id":1},"top":1}' }],
  ['openai', 'gpt-5.4', { name: '-find', arguments: '{"$filter":{"id":1},"top":1}' }],
] as const)('a call of %s', (id, name, wireCall) => {
  const parameters = object({ $filter: { type: 'object' }, top: {} })

  test('comes back as the caller declared it, and goes back as the model wrote it', async () => {
    const wire = await startWire()
    wire.mock.on({}, { toolCalls: [wireCall] })
    const model = wire.open(id, name)
    const declared = [tool(parameters, { name: '$find' })]
    const { calls } = await callWith(model, { prompt: [user('Hi')], tools: declared })
    expect(calls).toMatchObject([{ name: '$find', arguments: '{"$filter":{"id":1},"top":1}' }])
    const given = { $filter: { id: 1 }, top: 1 }
    const call = { type: 'call', callId: 'c1', name: '$find', arguments: given } as const
    await callWith(model, { prompt: [user('Hi'), { role: 'assistant', parts: [call] }], tools: declared })
    const body = JSON.stringify(wire.sent[1]?.body)
    expect(body).toContain('-find')
    expect(body).toMatch(id === 'anthropic' ? /"_filter":\{"id":1\}/ : /\$filter\\":\{\\"id\\":1\}/)
  })

  test.each(['{"input":{"city":"Oslo"}}', '{"city":"Oslo"}'])(
    '%s, for a union, is what the caller declared',
    async (written) => {
      const wire = await startWire()
      wire.mock.on({}, { toolCalls: [{ name: 'find', arguments: written }] })
      const { calls } = await callWith(wire.open(id, name), { prompt: [user('Hi')], tools: [tool(union)] })
      expect(calls).toMatchObject([{ name: 'find', arguments: '{"city":"Oslo"}' }])
    },
  )
})

test.each(all)('digits of numbers stay in a schema: $model', async (to) => {
  const id = 12345678901234567890n
  const parameters = object({ id: { type: 'integer', default: id, enum: [id], examples: [{ id }] }, x: { const: id } })
  const { text } = await sentBody(to, { prompt: [user('Hi')], tools: [tool(parameters)] })
  expect(text.split(':12345678901234567890').length - 1).toBe(3)
  expect(text).toContain('[12345678901234567890]')
})

test('two names that become one are told apart, and called by their own', async () => {
  const wire = await startWire()
  wire.mock.on({}, { toolCalls: [{ name: 'f-_2', arguments: '{}' }] })
  const tools = ['$', 'f$'].map((name) => tool(object({}), { name }))
  const { calls } = await callWith(wire.open('compatible', 'kimi-k2.5'), { prompt: [user('Hi')], tools })
  expect(wire.sent[0]?.body['tools']).toMatchObject([{ function: { name: 'f-' } }, { function: { name: 'f-_2' } }])
  expect(calls).toMatchObject([{ name: 'f$' }])
})

test('digits of numbers stay where names change', () => {
  const { fromWire } = fitTool(tool(object({ $id: { type: 'integer' } })), {
    ...anyToolSchema,
    propertyNames: 'letters',
  })
  expect(fromWire('{"_id":12345678901234567890}')).toBe('{"$id":12345678901234567890}')
  expect(fromWire('{"_id":')).toBe('{"_id":')
})

test('Kimi, which refuses to be forced, is offered one function alone', async () => {
  const tools = [tool(object({})), tool(object({}), { name: 'other' })]
  const { json } = await sentBody({ model: 'compatible:kimi-k2.6' }, { prompt: [user('Hi')], tools, forced: 'other' })
  expect(json).toMatchObject({ tool_choice: 'auto', tools: [{ function: { name: 'other' } }] })
})
