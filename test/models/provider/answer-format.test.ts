import { expect, test } from 'vitest'
import type { AnswerFormat } from '../../../src/conversation/answer-format.ts'
import { callWith, startWire, user } from './wire.ts'

const schema = {
  type: 'object',
  properties: { far: { type: 'boolean' } },
  required: ['far'],
  additionalProperties: false,
}
const format: AnswerFormat = { name: 'distance', description: 'How far it is.', schema, isStrict: true }
const answer = '{"far":true}'
const named = { name: 'distance', description: 'How far it is.' }

test.each([
  ['openai', 'gpt-5.4', true, { text: { format: { type: 'json_schema', ...named, schema, strict: true } } }],
  ['openai', 'gpt-5.4', false, { text: { format: { type: 'json_schema', ...named, schema, strict: false } } }],
  [
    'openai-chat',
    'gpt-5.4',
    true,
    { response_format: { type: 'json_schema', json_schema: { ...named, schema, strict: true } } },
  ],
  [
    'compatible',
    'deepseek-r1',
    false,
    { response_format: { type: 'json_schema', json_schema: { ...named, schema, strict: false } } },
  ],
  ['anthropic', 'claude-sonnet-4-5', true, { output_config: { format: { type: 'json_schema', schema } } }],
  // One that the AI SDK does not know is not made to call a function instead.
  ['anthropic', 'claude-unheard-of', false, { output_config: { format: { type: 'json_schema', schema } } }],
])('%s gets the form of an answer for %s, strict: %s', async (id, name, isStrict, body) => {
  const wire = await startWire()
  wire.mock.onMessage('How far?', { content: answer })
  const model = wire.open(id, name)
  expect(model.takesAnswerFormat).toBe(true)
  const { text, fault } = await callWith(model, { prompt: [user('How far?')], answerFormat: { ...format, isStrict } })
  expect([fault, text]).toEqual([null, answer])
  expect(wire.sent[0]?.body).toMatchObject(body)
  expect(wire.sent[0]?.body['tools'] ?? []).toEqual([])
})

test('how much OpenAI says is a setting; the form of an answer stands beside it', async () => {
  for (const [id, body] of [
    ['openai', { text: { verbosity: 'low', format: { type: 'json_schema' } }, reasoning: { effort: 'low' } }],
    ['openai-chat', { verbosity: 'low', reasoning_effort: 'low', response_format: { type: 'json_schema' } }],
  ] as const) {
    const wire = await startWire()
    wire.mock.onMessage('How far?', { content: answer })
    const model = wire.open(id, 'gpt-5.4', { verbosity: 'low', reasoningEffort: 'low' })
    expect(model.name).toBe(`${id}:gpt-5.4/reasoningEffort=low/verbosity=low`)
    const { fault } = await callWith(model, { prompt: [user('How far?')], answerFormat: format })
    expect(fault).toBeNull()
    expect(wire.sent[0]?.body).toMatchObject(body)
  }
})
