import { describe, expect, test } from 'vitest'
import type { ModelTool, PromptMessage } from '../../../src/models/model.ts'
import { playedTurn } from './played-turn.ts'
import { callWith, startWire, user, type WireId, wires } from './wire.ts'

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const weather: ModelTool = { name: 'get_weather', description: 'The weather of a city.', parameters }
const ping: ModelTool = { name: '$ping', description: '', parameters: { type: 'object' } }
const tools = [weather, ping]
const prompt = [user('Is it raining?')]

const oslo = { name: 'get_weather', arguments: '{"city":"Oslo"}', id: 'call_a' }
const bergen = { name: 'get_weather', arguments: '{"city":"Bergen"}', id: 'call_b' }

describe.each(wires)('%s', (id, name) => {
  test('is told of the functions, and is free to call them or not', async () => {
    const wire = await startWire()
    wire.mock.on({}, { content: 'No.' })
    expect((await callWith(wire.open(id, name), { prompt, tools })).text).toBe('No.')
    expect(wire.sent[0]?.body['tools']).toEqual(declared[id])
    expect(wire.sent[0]?.body['tool_choice']).toEqual(id === 'anthropic' ? { type: 'auto' } : 'auto')
  })

  test.each([[undefined], [[]]])('is told of no functions when there are none: %j', async (none) => {
    const wire = await startWire()
    wire.mock.on({}, { content: 'No.' })
    await callWith(wire.open(id, name), { prompt, ...(none !== undefined && { tools: none }), forced: 'get_weather' })
    expect(wire.sent[0]?.body).not.toHaveProperty('tools')
    expect(wire.sent[0]?.body).not.toHaveProperty('tool_choice')
  })

  test('calls a function, with words before it', async () => {
    const wire = await startWire()
    wire.mock.on({}, { content: 'Let me see.', toolCalls: [oslo] }, { chunkSize: 4 })
    const { fault, text, calls, parts } = await callWith(wire.open(id, name), { prompt, tools })
    expect([fault, text]).toEqual([null, 'Let me see.'])
    expect(calls).toMatchObject([{ id: 'call_a', name: 'get_weather', arguments: '{"city":"Oslo"}' }])
    expect(parts.slice(-2)).toMatchObject([{ type: 'call' }, { type: 'finish', finish: 'stop' }])
  })

  test('calls several at once, in its order, one without arguments', async () => {
    const wire = await startWire()
    const toolCalls = [bergen, { name: '-ping', arguments: '', id: 'call_c' }, oslo]
    wire.mock.on({}, { toolCalls }, { chunkSize: 4 })
    const { fault, calls } = await callWith(wire.open(id, name), { prompt, tools })
    expect(fault).toBeNull()
    expect(calls.map(({ name, arguments: given }) => [name, given])).toEqual([
      ['get_weather', '{"city":"Bergen"}'],
      ['$ping', id === 'anthropic' ? '{}' : ''],
      ['get_weather', '{"city":"Oslo"}'],
    ])
  })

  test.each([
    ['get_weather', 'get_weather'],
    ['$ping', '-ping'],
  ])('is told which function to call: %s', async (forced, onWire) => {
    const wire = await startWire()
    wire.mock.on({}, { toolCalls: [{ ...oslo, name: onWire }] })
    const { calls } = await callWith(wire.open(id, name), { prompt, tools, forced })
    expect(calls).toMatchObject([{ name: forced }])
    expect(wire.sent[0]?.body['tools']).toEqual(declared[id])
    expect(wire.sent[0]?.body['tool_choice']).toEqual(forcedChoice[id](onWire))
  })

  test('may ignore which function it was told to call', async () => {
    const wire = await startWire()
    wire.mock.on({}, { content: 'I would rather not.' })
    const { fault, text, calls, last } = await callWith(wire.open(id, name), { prompt, tools, forced: 'get_weather' })
    expect([fault, text, calls]).toEqual([null, 'I would rather not.', []])
    expect(last).toMatchObject({ type: 'finish', finish: 'stop' })
  })

  test.each(['{"city":', 'Oslo', '["Oslo"]', '{"city":"Oslo"}}', '"'])(
    'its arguments are told as it wrote them: %s',
    async (written) => {
      const wire = await startWire()
      wire.mock.on({}, { toolCalls: [oslo] })
      wire.edit = (events) => events.map((event) => event.replaceAll('{\\"city\\":\\"Oslo\\"}', escaped(written)))
      const { fault, calls } = await callWith(wire.open(id, name), { prompt, tools })
      expect(fault).toBeNull()
      expect(calls.map((call) => call.arguments)).toEqual([written])
    },
  )

  test('may call a function that does not exist', async () => {
    const wire = await startWire()
    wire.mock.on({}, { toolCalls: [{ ...oslo, name: 'get-whether' }] })
    expect((await callWith(wire.open(id, name), { prompt, tools })).calls).toMatchObject([{ name: 'get-whether' }])
  })

  test('may use the id of a call again', async () => {
    const wire = await startWire()
    wire.mock.on({}, { toolCalls: [oslo, { ...bergen, id: 'call_a' }] })
    const { fault, calls } = await callWith(wire.open(id, name), { prompt, tools })
    expect(fault).toBeNull()
    expect(calls.map((call) => call.arguments)).toEqual(['{"city":"Oslo"}', '{"city":"Bergen"}'])
  })

  test('gets its calls back, with their results right behind them in its order', async () => {
    const wire = await startWire()
    wire.mock.on({ hasToolResult: false }, { toolCalls: [oslo, { ...bergen, id: 'call_a' }] })
    wire.mock.on({ hasToolResult: true }, { content: 'Only in Bergen.' })
    const model = wire.open(id, name)
    const { parts } = await callWith(model, { prompt, tools })
    const answered: readonly PromptMessage[] = [
      ...prompt,
      playedTurn(parts),
      { role: 'tool', callId: 'ours_2', name: 'get_weather', result: { rain: true } },
      { role: 'tool', callId: 'ours_1', name: 'get_weather', result: 'dry' },
    ]
    expect(await callWith(model, { prompt: answered, tools })).toMatchObject({ fault: null, text: 'Only in Bergen.' })
    const { input, messages } = wire.sent[1]?.body ?? {}
    expect(input ?? messages).toEqual(roundTrip[id])
  })
})

const escaped = (text: string) => JSON.stringify(text).slice(1, -1)

const chatTools = [
  { type: 'function', function: { name: 'get_weather', description: 'The weather of a city.', parameters } },
  { type: 'function', function: { name: '-ping', parameters: { type: 'object', properties: {} } } },
]

const declared: Record<WireId, object> = {
  openai: chatTools.map(({ type, function: each }) => ({ type, ...each, strict: false })),
  'openai-chat': chatTools,
  anthropic: chatTools.map(({ function: { parameters: input_schema, ...each } }) => ({
    ...each,
    input_schema,
    eager_input_streaming: true,
  })),
  compatible: chatTools,
}

const forcedChoice: Record<WireId, (name: string) => object> = {
  openai: (name) => ({ type: 'function', name }),
  'openai-chat': (name) => ({ type: 'function', function: { name } }),
  anthropic: (name) => ({ type: 'tool', name }),
  compatible: (name) => ({ type: 'function', function: { name } }),
}

const chatCall = (id: string, city: string) => ({
  id,
  type: 'function',
  function: { name: 'get_weather', arguments: `{"city":"${city}"}` },
})

const chatRoundTrip = [
  { role: 'user', content: 'Is it raining?' },
  { role: 'assistant', content: null, tool_calls: [chatCall('ours_1', 'Oslo'), chatCall('ours_2', 'Bergen')] },
  { role: 'tool', tool_call_id: 'ours_1', content: 'dry' },
  { role: 'tool', tool_call_id: 'ours_2', content: '{"rain":true}' },
]

const roundTrip: Record<WireId, object> = {
  openai: [
    { role: 'user', content: [{ type: 'input_text', text: 'Is it raining?' }] },
    { type: 'reasoning', id: expect.any(String), encrypted_content: expect.any(String), summary: [] },
    { type: 'function_call', call_id: 'ours_1', name: 'get_weather', arguments: '{"city":"Oslo"}' },
    { type: 'function_call', call_id: 'ours_2', name: 'get_weather', arguments: '{"city":"Bergen"}' },
    { type: 'function_call_output', call_id: 'ours_1', output: 'dry' },
    { type: 'function_call_output', call_id: 'ours_2', output: '{"rain":true}' },
  ],
  'openai-chat': chatRoundTrip,
  anthropic: [
    { role: 'user', content: [{ type: 'text', text: 'Is it raining?' }] },
    {
      role: 'assistant',
      content: [
        { type: 'tool_use', id: 'ours_1', name: 'get_weather', input: { city: 'Oslo' } },
        { type: 'tool_use', id: 'ours_2', name: 'get_weather', input: { city: 'Bergen' } },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 'ours_1', content: 'dry' },
        { type: 'tool_result', tool_use_id: 'ours_2', content: '{"rain":true}' },
      ],
    },
  ],
  compatible: chatRoundTrip,
}
