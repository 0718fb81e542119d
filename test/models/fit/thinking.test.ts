import { expect, test } from 'vitest'
import type { AssistantPart } from '../../../src/models/model.ts'
import { bot, calling, look, result, signed, user } from './said.ts'
import { sentBody } from './sent.ts'

const said: AssistantPart = { type: 'text', text: 'Hello.' }

test.each([
  ['calls of a transcript', 'claude-sonnet-4-5', [user('Rain?'), calling(), result()], undefined],
  ['its own calls', 'claude-sonnet-4-5', [user('Rain?'), calling([signed]), result()], { type: 'enabled' }],
  [
    'another model’s calls, after earlier thinking',
    'claude-opus-4-1',
    [user('Hi'), { role: 'assistant', parts: [signed, said] }, user('Rain?'), calling(), result()],
    undefined,
  ],
  [
    'an earlier turn’s calls',
    'claude-haiku-4-5',
    [user('Rain?'), calling(), result(), bot('Dry.'), user('Ok')],
    { type: 'enabled' },
  ],
  ['calls of a transcript', 'claude-opus-4-6', [user('Rain?'), calling(), result()], { type: 'adaptive' }],
] as const)('going on after %s, %s thinks: %#', async (_what, name, prompt, thinking) => {
  const to = { model: `anthropic:${name}`, settings: { reasoningEffort: 'low' } }
  const { json, text } = await sentBody(to, { prompt, tools: [look] })
  if (thinking === undefined) {
    expect(['disabled', undefined]).toContain((json['thinking'] as { type?: string } | undefined)?.type)
    expect(text).not.toContain('"signature"')
  } else expect(json['thinking']).toMatchObject(thinking)
})

test.each(['claude-opus-5-5', 'claude-fable-5-1', 'claude-haiku-5-5'])(
  '%s is to drop thinking that it cannot use, not to refuse it',
  async (name) => {
    for (const [settings, thinking] of [
      [{}, {}],
      [{ reasoningEffort: 'low' }, { type: 'adaptive', display: 'summarized' }],
    ] as const) {
      const { json } = await sentBody({ model: `anthropic:${name}`, settings }, { prompt: [user('Hi')] })
      const block_binding = { prefix_mismatch_behavior: 'drop_block' }
      expect(json['thinking']).toEqual({ ...thinking, block_binding })
    }
  },
)
