import { describe, expect, test } from 'vitest'
import type { ModelPart } from '../../../src/models/model.ts'
import { call, patched, startWire, user, wires } from './wire.ts'

const content = 'Grüße aus Zürich, 世界 👩‍👩‍👧 — bis bald.'

describe.each(wires)('%s', (id, name) => {
  test('says its text as it comes and what was used at the end', async () => {
    const wire = await startWire()
    const usage = { input_tokens: 12, output_tokens: 7, prompt_tokens: 12, completion_tokens: 7 }
    wire.mock.onMessage('Hi', { content, usage }, { chunkSize: 3 })
    const { fault, text, parts, last } = await call(wire.open(id, name), [user('Hi')])
    expect(fault).toBeNull()
    expect(text).toBe(content)
    expect(parts.filter(({ type }) => type === 'text').length).toBeGreaterThan(10)
    expect(last).toEqual({
      type: 'finish',
      finish: 'stop',
      usage: { inputTokens: 12, cachedInputTokens: 0, outputTokens: 7, reasoningTokens: 0 },
    })
  })

  test.each([1, 2, 3, 7])('puts characters together whose bytes come apart, %i at a time', async (pieceLength) => {
    const wire = await startWire()
    wire.pieceLength = pieceLength
    wire.mock.onMessage('Hi', { content })
    const { fault, text } = await call(wire.open(id, name), [user('Hi')])
    expect(fault).toBeNull()
    expect(text).toBe(content)
  })

  test('says that it was cut at its token limit', async () => {
    const wire = await startWire()
    wire.mock.onMessage('Hi', { content, finishReason: 'length' })
    // The mock's responses API leaves out why a response is incomplete.
    wire.edit = (events) => events.map((event) => event.replace(/"status":"incomplete"/, incomplete))
    expect(await call(wire.open(id, name), [user('Hi')])).toMatchObject({
      text: content,
      last: { type: 'finish', finish: 'length' },
    })
  })

  test('says that a filter stopped it', async () => {
    const wire = await startWire()
    wire.mock.onMessage('Hi', { content, finishReason: id === 'anthropic' ? 'refusal' : 'content_filter' })
    wire.edit = (events) => events.map((event) => event.replace('"status":"failed"', filtered))
    expect((await call(wire.open(id, name), [user('Hi')])).last).toMatchObject({ type: 'finish', finish: 'filtered' })
  })

  test('sends the conversation as its provider writes it', async () => {
    const wire = await startWire()
    wire.mock.on({}, { content: 'Yes.' })
    const prompt = [
      { role: 'system', text: 'Be brief.' },
      user('Is it raining?'),
      { role: 'assistant', parts: [{ type: 'call', callId: 'call_1', name: 'weather', arguments: { city: 'Oslo' } }] },
      { role: 'tool', callId: 'call_1', name: 'weather', result: { rain: true } },
      { role: 'assistant', parts: [{ type: 'text', text: 'It is.' }] },
      user('Still?'),
    ] as const
    expect((await call(wire.open(id, name), prompt)).text).toBe('Yes.')
    const { input, messages, system } = wire.sent[0]?.body ?? {}
    expect({ input, messages, system }).toEqual({
      input: undefined,
      messages: undefined,
      system: undefined,
      ...asked[id],
    })
  })
})

const incomplete = '"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}'
const filtered = '"status":"incomplete","incomplete_details":{"reason":"content_filter"}'

const chatMessages = (system: string) => [
  { role: system, content: 'Be brief.' },
  { role: 'user', content: 'Is it raining?' },
  {
    role: 'assistant',
    content: null,
    tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }],
  },
  { role: 'tool', tool_call_id: 'call_1', content: '{"rain":true}' },
  { role: 'assistant', content: 'It is.' },
  { role: 'user', content: 'Still?' },
]

const asked: Record<(typeof wires)[number][0], object> = {
  openai: {
    input: [
      { role: 'developer', content: 'Be brief.' },
      { role: 'user', content: [{ type: 'input_text', text: 'Is it raining?' }] },
      { type: 'function_call', call_id: 'call_1', name: 'weather', arguments: '{"city":"Oslo"}' },
      { type: 'function_call_output', call_id: 'call_1', output: '{"rain":true}' },
      { role: 'assistant', content: 'It is.' },
      { role: 'user', content: [{ type: 'input_text', text: 'Still?' }] },
    ],
  },
  'openai-chat': { messages: chatMessages('developer') },
  anthropic: {
    system: [{ type: 'text', text: 'Be brief.' }],
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'Is it raining?' }] },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'call_1', name: 'weather', input: { city: 'Oslo' } }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: '{"rain":true}' }] },
      { role: 'assistant', content: [{ type: 'text', text: 'It is.' }] },
      { role: 'user', content: [{ type: 'text', text: 'Still?' }] },
    ],
  },
  compatible: { messages: chatMessages('system') },
}

describe('usage', () => {
  test.each([
    [
      'openai',
      'gpt-5.4',
      { input_tokens_details: { cached_tokens: 4 }, output_tokens_details: { reasoning_tokens: 3 } },
    ],
    [
      'openai-chat',
      'gpt-5.4',
      { prompt_tokens_details: { cached_tokens: 4 }, completion_tokens_details: { reasoning_tokens: 3 } },
    ],
    [
      'compatible',
      'qwen3',
      { prompt_tokens_details: { cached_tokens: 4 }, completion_tokens_details: { reasoning_tokens: 3 } },
    ],
  ])('of %s tells what was cached and what went into reasoning', async (id, name, details) => {
    const wire = await startWire()
    const usage = { input_tokens: 12, output_tokens: 7, prompt_tokens: 12, completion_tokens: 7 }
    wire.mock.on({ model: name }, { content: 'Hello', usage })
    wire.edit = (events) => events.map((event) => patched(event, (data) => withDetails(data, details)))
    expect((await call(wire.open(id, name), [user('Hi')])).last).toMatchObject({
      usage: { inputTokens: 12, cachedInputTokens: 4, outputTokens: 7, reasoningTokens: 3 },
    })
  })

  test('of Anthropic is told before the first word, cached tokens included', async () => {
    const wire = await startWire()
    wire.mock.onMessage('Hi', { content: 'Hello' })
    const start = { input_tokens: 5, cache_read_input_tokens: 4, cache_creation_input_tokens: 3, output_tokens: 1 }
    const end = { output_tokens: 9, output_tokens_details: { thinking_tokens: 6 } }
    wire.edit = (events) =>
      events.map((event) =>
        patched(event, (data) => {
          if (data['type'] === 'message_start')
            return { ...data, message: { ...Object(data['message']), usage: start } }
          return data['type'] === 'message_delta' ? { ...data, usage: end } : data
        }),
      )
    const { parts } = await call(wire.open('anthropic', 'claude-sonnet-4-5'), [user('Hi')])
    const [first, second, last] = parts
    expect(first).toEqual({
      type: 'usage',
      usage: { inputTokens: 12, cachedInputTokens: 4, outputTokens: 1, reasoningTokens: 0 },
    })
    expect(second).toEqual({ type: 'text', text: 'Hello' } satisfies ModelPart)
    expect(last).toEqual({
      type: 'finish',
      finish: 'stop',
      usage: { inputTokens: 12, cachedInputTokens: 4, outputTokens: 9, reasoningTokens: 6 },
    })
  })
})

function withDetails(data: Record<string, unknown>, details: object): unknown {
  const { response, usage } = data
  if (usage) return { ...data, usage: { ...usage, ...details } }
  if (typeof response !== 'object' || response === null || !('usage' in response)) return data
  return { ...data, response: { ...response, usage: { ...Object(response.usage), ...details } } }
}
