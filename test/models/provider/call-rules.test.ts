import { describe, expect, test } from 'vitest'
import type { PromptMessage } from '../../../src/models/model.ts'
import { playedTurn } from './played-turn.ts'
import { callWith, startWire, user, wires } from './wire.ts'

const weather = { name: 'get_weather', description: '', parameters: { type: 'object', properties: {} } }
const wind = { name: 'get_wind', description: '', parameters: { type: 'object', properties: {} } }
const tools = [weather, wind]
const prompt = [user('Is it raining?')]
const oslo = { name: 'get_weather', arguments: '{"city":"Oslo"}', id: 'call_a' }

function calling(callId: string, name: string, given: unknown = {}): PromptMessage {
  return { role: 'assistant', parts: [{ type: 'call', callId, name, arguments: given }] }
}

function result(callId: string, name: string, value: unknown): PromptMessage {
  return { role: 'tool', callId, name, result: value }
}

describe('Anthropic, which cannot be forced while it thinks', () => {
  test.each([
    ['claude-sonnet-4-5', 'low', 'enabled'],
    ['claude-sonnet-4-6', 'low', 'adaptive'],
  ])('%s with effort %s is offered that function alone, thinking %s', async (name, reasoningEffort, thinking) => {
    const wire = await startWire()
    wire.mock.on({}, { toolCalls: [oslo] })
    const model = wire.open('anthropic', name, { reasoningEffort })
    expect((await callWith(model, { prompt, tools, forced: 'get_weather' })).calls).toHaveLength(1)
    const { body } = wire.sent[0] ?? {}
    expect(body).toMatchObject({ thinking: { type: thinking }, tool_choice: { type: 'auto' } })
    expect(body?.['tools']).toMatchObject([{ name: 'get_weather' }])
    await callWith(model, { prompt, tools })
    expect(wire.sent[1]?.body['tools']).toMatchObject([{ name: 'get_weather' }, { name: 'get_wind' }])
  })

  test.each([['claude-sonnet-4-5', {}] as const, ['claude-sonnet-4-6', { reasoningEffort: 'none' }] as const])(
    '%s with %j is forced',
    async (name, settings) => {
      const wire = await startWire()
      wire.mock.on({}, { toolCalls: [oslo] })
      await callWith(wire.open('anthropic', name, settings), { prompt, tools, forced: 'get_weather' })
      expect(wire.sent[0]?.body['tool_choice']).toEqual({ type: 'tool', name: 'get_weather' })
    },
  )
})

test('OpenAI’s reasoning models are forced while they reason', async () => {
  const wire = await startWire()
  wire.mock.on({}, { toolCalls: [oslo] })
  const model = wire.open('openai', 'gpt-5.4', { reasoningEffort: 'high' })
  await callWith(model, { prompt, tools, forced: 'get_weather' })
  expect(wire.sent[0]?.body).toMatchObject({
    reasoning: { effort: 'high' },
    tool_choice: { type: 'function', name: 'get_weather' },
  })
})

test('Anthropic is told of the functions that a conversation has called, when there are none any more', async () => {
  const wire = await startWire()
  wire.mock.on({}, { content: 'Dry.' })
  const before = [...prompt, calling('c1', 'get_weather'), result('c1', 'get_weather', 'dry'), user('So?')]
  const models = wires.map(([id, name]) => wire.open(id, name))
  for (const model of models) await callWith(model, { prompt: before })
  const [openai, chat, anthropic, compatible] = wire.sent.map(({ body }) => body)
  expect(anthropic).toMatchObject({
    tools: [{ name: 'get_weather', input_schema: { type: 'object' } }],
    tool_choice: { type: 'none' },
  })
  for (const body of [openai, chat, compatible]) expect(body).not.toHaveProperty('tools')
})

test('Anthropic’s thinking goes back with its signature before the call that it led to', async () => {
  const wire = await startWire()
  const reasoning = { reasoning: 'I must look.', reasoningSignature: 'c2lnbmF0dXJl' }
  wire.mock.on({ hasToolResult: false }, { content: 'Let me see.', toolCalls: [oslo], ...reasoning })
  wire.mock.on({ hasToolResult: true }, { content: 'Dry.' })
  const model = wire.open('anthropic', 'claude-sonnet-4-5', { reasoningEffort: 'low' })
  const { parts } = await callWith(model, { prompt, tools })
  const answered = [...prompt, playedTurn(parts), result('ours_1', 'get_weather', 'dry')]
  expect((await callWith(model, { prompt: answered, tools })).text).toBe('Dry.')
  expect(wire.sent[1]?.body['messages']).toMatchObject([
    { role: 'user' },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'I must look.', signature: 'c2lnbmF0dXJl' },
        { type: 'text', text: 'Let me see.' },
        { type: 'tool_use', id: 'ours_1', input: { city: 'Oslo' } },
      ],
    },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'ours_1', content: 'dry' }] },
  ])
})

test('OpenAI’s encrypted reasoning goes back before the call that it led to; nothing refers to what OpenAI would keep', async () => {
  const wire = await startWire()
  wire.mock.on({ hasToolResult: false }, { toolCalls: [oslo], reasoning: 'I must look.' })
  wire.mock.on({ hasToolResult: true }, { content: 'Dry.' })
  const model = wire.open('openai', 'gpt-5.4', { reasoningEffort: 'low' })
  const { parts, calls } = await callWith(model, { prompt, tools })
  expect(calls).toMatchObject([{ metadata: { openai: { itemId: expect.any(String) } } }])
  const answered = [...prompt, playedTurn(parts), result('ours_1', 'get_weather', 'dry')]
  expect((await callWith(model, { prompt: answered, tools })).text).toBe('Dry.')
  expect(wire.sent[1]?.body).toMatchObject({ store: false })
  expect(wire.sent[1]?.body['input']).toEqual([
    { role: 'user', content: [{ type: 'input_text', text: 'Is it raining?' }] },
    {
      type: 'reasoning',
      id: expect.any(String),
      encrypted_content: expect.any(String),
      summary: [{ type: 'summary_text', text: 'I must look.' }],
    },
    { type: 'function_call', call_id: 'ours_1', name: 'get_weather', arguments: '{"city":"Oslo"}' },
    { type: 'function_call_output', call_id: 'ours_1', output: 'dry' },
  ])
})

test('a transcript of an earlier dispatch has each result right behind its call, whatever came between', async () => {
  const wire = await startWire()
  wire.mock.on({}, { content: 'Yes.' })
  const earlier: readonly PromptMessage[] = [
    user('Look at both.'),
    calling('c1', 'get_weather', null),
    calling('c2', 'no such function!', 'Oslo'),
    user('Hurry.'),
    result('c2', 'no such function!', { error: 'There is no such function.' }),
    result('c1', 'get_weather', 0),
    user('So?'),
  ]
  const models = wires.map(([id, name]) => wire.open(id, name))
  for (const model of models) expect(await callWith(model, { prompt: earlier, tools })).toMatchObject({ fault: null })
  const [openai, chat, anthropic, compatible] = wire.sent.map(({ body }) => body['input'] ?? body['messages'])
  const error = '{"error":"There is no such function."}'
  expect(openai).toMatchObject([
    { role: 'user' },
    { type: 'function_call', call_id: 'c1', name: 'get_weather', arguments: '{}' },
    { type: 'function_call_output', call_id: 'c1', output: '0' },
    { type: 'function_call', call_id: 'c2', name: 'no-such-function-', arguments: '{"value":"Oslo"}' },
    { type: 'function_call_output', call_id: 'c2', output: error },
    { role: 'user' },
    { role: 'user' },
  ])
  const chatted = [
    { role: 'user' },
    { role: 'assistant', tool_calls: [{ id: 'c1', function: { name: 'get_weather', arguments: '{}' } }] },
    { role: 'tool', tool_call_id: 'c1', content: '0' },
    {
      role: 'assistant',
      tool_calls: [{ id: 'c2', function: { name: 'no-such-function-', arguments: '{"value":"Oslo"}' } }],
    },
    { role: 'tool', tool_call_id: 'c2', content: error },
    { role: 'user' },
    { role: 'user' },
  ]
  expect(chat).toMatchObject(chatted)
  // Two questions in a row are one: templates of servers want roles that alternate.
  expect(compatible).toMatchObject([...chatted.slice(0, -2), { role: 'user', content: 'Hurry.\n\nSo?' }])
  expect(anthropic).toMatchObject([
    { role: 'user' },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', input: {} }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c1', content: '0' }] },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'c2', input: { value: 'Oslo' } }] },
    {
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: 'c2', content: error }, { type: 'text' }, { type: 'text' }],
    },
  ])
})

test('a signature that comes with a compatible server’s call goes back with it', async () => {
  const wire = await startWire()
  wire.mock.on({ hasToolResult: false }, { toolCalls: [oslo] })
  wire.mock.on({ hasToolResult: true }, { content: 'Dry.' })
  const google = '"extra_content":{"google":{"thought_signature":"c2lnbmF0dXJl"}}'
  wire.edit = (events) => events.map((event) => event.replace('"id":"call_a"', `"id":"call_a",${google}`))
  const model = wire.open('compatible', 'gemini-3')
  const { parts } = await callWith(model, { prompt, tools })
  await callWith(model, { prompt: [...prompt, playedTurn(parts), result('ours_1', 'get_weather', 'dry')], tools })
  expect(wire.sent[1]?.body['messages']).toMatchObject([
    { role: 'user' },
    { tool_calls: [{ id: 'ours_1', extra_content: { google: { thought_signature: 'c2lnbmF0dXJl' } } }] },
    { role: 'tool' },
  ])
})
