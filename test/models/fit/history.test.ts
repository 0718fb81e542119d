import { expect, test } from 'vitest'
import type { ModelCall } from '../../../src/models/model.ts'
import { bot, calling, type HistoryCase, look, result, system, user } from './said.ts'
import { sentBody, sentMessages } from './sent.ts'

/** One line a report. */
const cases: readonly HistoryCase[] = [
  // The last word
  ...[
    'claude-opus-4-6',
    'claude-sonnet-4-6',
    'claude-opus-4-7-20260401',
    'claude-opus-5',
    'claude-haiku-5-5',
    'claude-next',
  ].map(
    (name) =>
      [
        `${name} does not go on from words of its own`,
        { model: `anthropic:${name}` },
        [user('Hi'), bot('Hello.')],
        [{ role: 'user' }, { role: 'assistant' }, { role: 'user', content: [{ type: 'text', text: 'Continue.' }] }],
      ] as const,
  ),
  ...['claude-sonnet-4-5', 'claude-sonnet-4-20250514', 'claude-opus-4-1', 'claude-3-5-haiku-latest', 'claude-2.1'].map(
    (name) =>
      [
        `${name} goes on from what it is given as its own words`,
        { model: `anthropic:${name}` },
        [user('Hi'), bot('Hello.')],
        [{ role: 'user' }, { role: 'assistant' }],
      ] as const,
  ),
  [
    'a Claude that thinks does not go on from words of its own',
    { model: 'anthropic:claude-sonnet-4-5', settings: { reasoningEffort: 'low' } },
    [user('Hi'), bot('Hello.')],
    [{ role: 'user' }, { role: 'assistant' }, { role: 'user' }],
  ],
  [
    'Claude 4.6 behind a compatible server',
    { model: 'compatible:anthropic/claude-sonnet-4.6' },
    [user('Hi'), bot('Hello.')],
    [{ role: 'user' }, { role: 'assistant' }, { role: 'user', content: 'Continue.' }],
  ],
  [
    'Mistral wants the user’s word, or a result, last',
    { model: 'compatible:mistral-small-latest' },
    [user('Hi'), bot('Hello.')],
    [{ role: 'user' }, { role: 'assistant' }, { role: 'user', content: 'Continue.' }],
  ],
  // The first word, and turns
  ...[
    'anthropic:claude-sonnet-4-5',
    'compatible:gemma-3-27b-it',
    'compatible:mistral-7b-instruct',
    'compatible:my-model',
  ].map(
    (model) =>
      [
        `${model} hears the user first`,
        { model },
        [bot('Hello.'), user('Hi')],
        [{ role: 'user' }, { role: 'assistant' }, { role: 'user' }],
      ] as const,
  ),
  [
    'a conversation of nothing but orders',
    { model: 'compatible:gemma-3-27b-it' },
    [system('Greet.')],
    [{ role: 'system' }, { role: 'user' }],
  ],
  [
    'an attachment beside the question',
    { model: 'compatible:gemma-3-27b-it', settings: { files: 'images' } },
    [
      {
        ...user('Attachment a.png'),
        files: [{ fileId: 'f', mediaType: 'image/png', content: Uint8Array.of(1) }],
      } as never,
      user('What is it?'),
    ],
    [{ role: 'user', content: [{ type: 'text', text: 'Attachment a.png\n\nWhat is it?' }, { type: 'image_url' }] }],
  ],
  [
    'answers in a row, and a call behind one',
    { model: 'compatible:mistral-nemo' },
    [user('Hi'), bot('One.'), bot('Two.'), calling([], 'abcdefgh1'), result('abcdefgh1'), bot('Dry.'), user('Thanks')],
    [
      { role: 'user' },
      { role: 'assistant', content: 'One.Two.', tool_calls: [{ id: 'abcdefgh1' }] },
      { role: 'tool', tool_call_id: 'abcdefgh1' },
      { role: 'assistant', content: 'Dry.' },
      { role: 'user' },
    ],
  ],
  [
    'Mistral hears nothing from the user right behind a result',
    { model: 'compatible:mistral-large-latest' },
    [user('Rain?'), calling(), result(), user('And wind?')],
    [{ role: 'user' }, { role: 'assistant' }, { role: 'tool' }, { role: 'assistant' }, { role: 'user' }],
  ],
  [
    'Gemma 2 knows no system role',
    { model: 'compatible:gemma-2-9b-it' },
    [system('Be brief.'), user('Hi')],
    [{ role: 'user', content: 'Be brief.\n\nHi' }],
  ],
]

test.each(cases)('%s', async (_what, to, prompt, sent) => {
  const messages = (await sentMessages(to, { prompt, tools: [look] })) as readonly object[]
  expect(messages).toMatchObject(sent)
})

test('a function to call behind a finished answer is asked for by the user', async () => {
  const asked: Omit<ModelCall, 'signal'> = { prompt: [user('Hi'), bot('Hello.')], tools: [look], forced: 'look' }
  const { json } = await sentBody({ model: 'anthropic:claude-opus-4-6' }, asked)
  expect(json['messages']).toMatchObject([{}, {}, { role: 'user', content: [{ text: 'Now call the function look.' }] }])
  expect(json['tool_choice']).toMatchObject({ type: 'tool', name: 'look' })
})
