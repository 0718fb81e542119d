import { describe, expect, test } from 'vitest'
import { refusalOf } from '../../../src/api/openai/refusal.ts'
import { type CreateBody, createBody } from '../../../src/api/openai/request/create-body.ts'
import { dispatchInput } from '../../../src/api/openai/request/dispatch-input.ts'
import { outputValue, readInput } from '../../../src/api/openai/request/messages.ts'
import { modelChoice } from '../../../src/api/openai/request/model-text.ts'
import { Failure, unavailable } from '../../../src/kernel/errors.ts'

/** The dispatch that a request becomes. */
function dispatchOf(request: object, { hasSystemPlace = true } = {}) {
  // None of these has references.
  const body = createBody.parse(request) as CreateBody
  const input = readInput(body.input ?? [], { hasSystemPlace, calls: new Map([['call_1', 'look']]) })
  const choice = modelChoice(body, 'demo')
  return dispatchInput({ body, input, choice, previous: null, channel: null })
}

describe('a request becomes a dispatch', () => {
  test('with its images and files as attachments', () => {
    const content = [
      { type: 'input_text', text: 'What is this,' },
      { type: 'input_image', image_url: 'https://files.test/a.png', detail: 'auto' },
      { type: 'input_text', text: 'and this?' },
      { type: 'input_file', file_url: 'https://files.test/b.pdf' },
    ]
    expect(dispatchOf({ input: [{ role: 'user', content }] })).toMatchObject({
      messages: [{ type: 'user', text: 'What is this,\nand this?' }],
      attachments: [{ url: 'https://files.test/a.png' }, { url: 'https://files.test/b.pdf' }],
    })
  })

  test('with its settings in the name of its model, or of the default one', () => {
    const settings = { temperature: 0.5, top_p: 1, max_output_tokens: 20, reasoning: { effort: 'low' } }
    const text = 'temperature=0.5/topP=1/maxTokens=20/reasoningEffort=low'
    expect(dispatchOf({ input: 'Hi', ...settings })).toMatchObject({ model: `demo/${text}`, botId: null })
    expect(dispatchOf({ input: 'Hi', model: 'openai:gpt-5', ...settings })).toMatchObject({
      model: `openai:gpt-5/${text}`,
    })
    expect(dispatchOf({ input: 'Hi' })).toMatchObject({ model: null })
    expect(dispatchOf({ input: 'Hi', model: 'bot_0123456789012345678901' })).toMatchObject({
      model: null,
      botId: 'bot_0123456789012345678901',
    })
  })

  test('with functions that its client carries out', () => {
    const tools = [
      { type: 'function', name: 'look', parameters: null, strict: true },
      { type: 'function', name: 'see', description: 'Sees.', parameters: { type: 'object', required: [] } },
    ]
    expect(dispatchOf({ input: 'Hi', tools, tool_choice: { type: 'function', name: 'see' } })).toMatchObject({
      functions: [
        { name: 'look', description: 'look', parameters: { type: 'object', properties: {} } },
        { name: 'see', description: 'Sees.', parameters: { type: 'object', required: [] }, call: { start: true } },
      ],
    })
    expect(dispatchOf({ input: 'Hi', tools, tool_choice: 'none' })).toMatchObject({ functions: [] })
  })

  test('whose first texts of the system are its system message, where there is no other', () => {
    const input = [
      { role: 'system', content: 'One.' },
      { role: 'developer', content: 'Two.' },
      { role: 'user', content: 'Hi' },
      { role: 'developer', content: 'Three.' },
    ]
    const types = (of: object) => (of as { readonly messages: { type: string; text: string }[] }).messages
    expect(types(dispatchOf({ input }))).toMatchObject([
      { type: 'backstory', text: 'One.\n\nTwo.' },
      { type: 'user' },
      { type: 'instruction', text: 'Three.' },
    ])
    expect(types(dispatchOf({ input }, { hasSystemPlace: false }))).toMatchObject([
      { type: 'instruction', text: 'One.' },
      { type: 'instruction', text: 'Two.' },
      { type: 'user' },
      { type: 'instruction' },
    ])
  })

  test.each([
    ['{"wide":true}', { wide: true }],
    [' [1, 2]', [1, 2]],
    ['{ not JSON', '{ not JSON'],
    ['42', '42'],
    ['', ''],
  ])('whose output %j is %j', (output, value) => {
    expect(outputValue({ output })).toEqual(value)
    expect(outputValue({ output: [{ type: 'input_text', text: output }] })).toEqual(value)
  })
})

test.each([
  ['what is wrong', new Failure('BAD_USER_INPUT', 'no'), 400],
  ['a conflict', new Failure('CONFLICT', 'no'), 400],
  ['a log that has gone', new Failure('CURSOR_EXPIRED', 'no'), 404],
  ['a limit for good', new Failure('LIMIT_EXCEEDED', 'no'), 400],
  ['a limit for a while', new Failure('LIMIT_EXCEEDED', 'no', { retryAfterSeconds: 1 }), 429],
  ['what is not configured', new Failure('UNAVAILABLE', 'no', { issues: [{ path: ['model'], message: 'no' }] }), 400],
  ['an outage', unavailable('no'), 503],
])('%s is answered with a status that the client reads rightly', (_what, failure, status) => {
  expect(refusalOf(failure).status).toBe(status)
})
