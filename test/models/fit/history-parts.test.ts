import { expect, test } from 'vitest'
import type { AssistantPart } from '../../../src/models/model.ts'
import { bot, calling, type HistoryCase, look, result, sealed, signed, system, thought, user } from './said.ts'
import { sentBody, sentMessages } from './sent.ts'

const calledOslo: AssistantPart = { type: 'call', callId: 'call_1', name: 'look', arguments: { city: 'Oslo' } }
const mine = { compatible: { thoughtSignature: 'sig' } }

/** One line a report. */
const cases: readonly HistoryCase[] = [
  // Reasoning
  ...['llama-3.3-70b', 'qwen3-32b', 'gpt-oss-120b', 'deepseek-r1', 'mistral-large-latest'].map(
    (name) =>
      [
        `${name} is not sent reasoning_content behind a call`,
        { model: `compatible:${name}` },
        [user('Rain?'), calling([thought('I look.')]), result()],
        [{ role: 'user' }, expect.not.objectContaining({ reasoning_content: expect.anything() }), { role: 'tool' }],
      ] as const,
  ),
  ...['kimi-k2.5', 'moonshotai/Kimi-K2-Thinking', 'deepseek-reasoner', 'deepseek-v3.2', 'mimo-v2-flash'].map(
    (name) =>
      [
        `${name} gets its reasoning back with a call`,
        { model: `compatible:${name}` },
        [user('Rain?'), calling([thought('I look.')]), result()],
        [{ role: 'user' }, { role: 'assistant', reasoning_content: 'I look.' }, { role: 'tool' }],
      ] as const,
  ),
  [
    'Kimi is told something where a call of another model’s came without reasoning',
    { model: 'compatible:kimi-k2.5' },
    [user('Rain?'), calling(), result()],
    [{ role: 'user' }, { role: 'assistant', reasoning_content: ' ' }, { role: 'tool' }],
  ],
  ...['api.groq.com', 'api.cerebras.ai'].map(
    (host) =>
      [
        `${host} refuses reasoning_content, whatever the model`,
        { model: 'compatible:moonshotai/kimi-k2-thinking', host },
        [user('Rain?'), calling([thought('I look.')]), result()],
        [{ role: 'user' }, expect.not.objectContaining({ reasoning_content: expect.anything() }), { role: 'tool' }],
      ] as const,
  ),
  [
    'a reasoning item of OpenAI’s that was cut goes without',
    { model: 'openai:gpt-5.4' },
    [user('Hi'), { role: 'assistant', parts: [sealed] }, user('Continue.')],
    [{ role: 'user' }, { role: 'user' }],
  ],
  [
    'a reasoning item of OpenAI’s goes back before what it led to',
    { model: 'openai:gpt-5.4' },
    [user('Hi'), calling([sealed]), result()],
    [{ role: 'user' }, { type: 'reasoning', encrypted_content: 'abc' }, { type: 'function_call' }, {}],
  ],
  [
    'Claude’s thinking that was cut goes without: no message may end with it',
    { model: 'anthropic:claude-sonnet-4-5' },
    [user('Hi'), { role: 'assistant', parts: [{ type: 'text', text: 'Well' }, signed] }, user('Go on.')],
    [{ role: 'user' }, { role: 'assistant', content: [{ type: 'text', text: 'Well' }] }, { role: 'user' }],
  ],
  [
    'thinking that is turned off is not sent back',
    { model: 'anthropic:claude-haiku-5-5', settings: { reasoningEffort: 'none' } },
    [user('Hi'), calling([signed]), result()],
    [{ role: 'user' }, { role: 'assistant', content: [{ type: 'tool_use' }] }, { role: 'user' }],
  ],
  // Texts without a word
  [
    'white space of Claude’s before a call',
    { model: 'anthropic:claude-sonnet-4-5' },
    [user('Rain?'), calling([signed, { type: 'text', text: '\n\n' }]), result()],
    [{ role: 'user' }, { content: [{ type: 'thinking' }, { type: 'tool_use' }] }, { role: 'user' }],
  ],
  [
    'an answer of white space alone',
    { model: 'anthropic:claude-sonnet-4-5' },
    [user('Hi'), bot(' \n'), user('Hello?')],
    [{ role: 'user', content: [{ text: 'Hi' }, { text: 'Hello?' }] }],
  ],
  // Ids of calls
  ...['mistral-large-latest', 'Devstral-Small-2', 'mistralai/Mixtral-8x7B-Instruct-v0.1'].map(
    (name) =>
      [
        `${name} takes ids of nine letters and digits`,
        { model: `compatible:${name}` },
        [user('Rain?'), calling(), result()],
        [
          { role: 'user' },
          { tool_calls: [{ id: expect.stringMatching(/^[A-Za-z0-9]{9}$/) }] },
          { role: 'tool', tool_call_id: expect.stringMatching(/^[A-Za-z0-9]{9}$/) },
        ],
      ] as const,
  ),
  [
    'an id of nine that Mistral gave stays',
    { model: 'compatible:open-weights', host: 'api.mistral.ai' },
    [user('Rain?'), calling([], 'D681PevKs'), result('D681PevKs')],
    [{ role: 'user' }, { tool_calls: [{ id: 'D681PevKs' }] }, { tool_call_id: 'D681PevKs' }],
  ],
  [
    'an id that Anthropic’s letters do not spell',
    { model: 'anthropic:claude-sonnet-4-5' },
    [user('Rain?'), calling([], 'functions.look:0'), result('functions.look:0')],
    [
      { role: 'user' },
      { content: [{ type: 'tool_use', id: expect.stringMatching(/^[A-Za-z0-9_-]+$/) }] },
      { content: [{ type: 'tool_result', tool_use_id: expect.stringMatching(/^[A-Za-z0-9_-]+$/) }] },
    ],
  ],
  [
    'an id that a provider repeats: the second call is not the first one’s',
    { model: 'anthropic:claude-sonnet-4-5' },
    [
      user('Rain?'),
      calling([], 'call_1'),
      { ...result('call_1'), result: 'dry' } as never,
      bot('Dry.'),
      user('Now?'),
      calling([], 'call_1'),
      { ...result('call_1'), result: 'wet' } as never,
    ],
    [
      { role: 'user' },
      { content: [{ type: 'tool_use', id: 'call_1' }] },
      { content: [{ type: 'tool_result', tool_use_id: 'call_1', content: 'dry' }] },
      { role: 'assistant' },
      { role: 'user' },
      { content: [{ type: 'tool_use', id: expect.not.stringMatching(/^call_1$/) }] },
      { content: [{ type: 'tool_result', tool_use_id: expect.not.stringMatching(/^call_1$/), content: 'wet' }] },
    ],
  ],
  ...['openai-chat:gpt-5.4', 'compatible:llama-3.3', 'compatible:mistral-large'].map(
    (model) =>
      [
        `two calls of one id in one answer, to ${model}`,
        { model },
        [
          user('Rain?'),
          { role: 'assistant', parts: [calledOslo, { ...calledOslo, arguments: { city: 'Rome' } }] },
          { ...result('call_1'), result: 'dry' } as never,
          { ...result('call_1'), result: 'wet' } as never,
        ],
        [{ role: 'user' }, { role: 'assistant' }, { role: 'tool', content: 'dry' }, { role: 'tool', content: 'wet' }],
      ] as const,
  ),
  // Signatures of calls
  ...['gemini-3-pro', 'google/gemini-3-flash-preview', 'gemini-flash-latest'].map(
    (name) =>
      [
        `${name} refuses calls of others without a signature`,
        { model: `compatible:${name}` },
        [user('Rain?'), calling(), result()],
        [
          { role: 'user' },
          { tool_calls: [{ extra_content: { google: { thought_signature: 'skip_thought_signature_validator' } } }] },
          { role: 'tool' },
        ],
      ] as const,
  ),
  [
    'Gemini’s own signature stays',
    { model: 'compatible:gemini-3-pro' },
    [user('Rain?'), { role: 'assistant', parts: [{ ...calledOslo, metadata: mine }] }, result('call_1')],
    [{ role: 'user' }, { tool_calls: [{ extra_content: { google: { thought_signature: 'sig' } } }] }, { role: 'tool' }],
  ],
  ...[{ model: 'compatible:llama-3.3' }, { model: 'compatible:open', host: 'api.mistral.ai' }].map(
    (to) =>
      [
        `Gemini’s signature is nothing to ${to.model}`,
        to,
        [user('Rain?'), { role: 'assistant', parts: [{ ...calledOslo, metadata: mine }] }, result('call_1')],
        [
          { role: 'user' },
          { tool_calls: [expect.not.objectContaining({ extra_content: expect.anything() })] },
          { role: 'tool' },
        ],
      ] as const,
  ),
  ...['gemini-2.5-pro', 'llama-3.3'].map(
    (name) =>
      [
        `${name} is sent no signature`,
        { model: `compatible:${name}` },
        [user('Rain?'), calling(), result()],
        [
          { role: 'user' },
          { tool_calls: [expect.not.objectContaining({ extra_content: expect.anything() })] },
          { role: 'tool' },
        ],
      ] as const,
  ),
  [
    'an id that is too long for OpenAI',
    { model: 'openai-chat:gpt-5.4' },
    [user('Rain?'), calling([], 'x'.repeat(50)), result('x'.repeat(50))],
    [{ role: 'user' }, { tool_calls: [{ id: expect.stringMatching(/^.{1,40}$/) }] }, {}],
  ],
]

test.each(cases)('%s', async (_what, to, prompt, sent) => {
  const messages = (await sentMessages(to, { prompt, tools: [look] })) as readonly object[]
  expect(messages).toMatchObject(sent)
})

test('ids of calls stay apart, and each with its result', async () => {
  const prompt = [user('Rain?'), ...['call_1', 'call_2'].flatMap((id) => [calling([], id), result(id)])]
  const messages = (await sentMessages({ model: 'compatible:mistral-large' }, { prompt })) as readonly {
    tool_calls?: readonly { id: string }[]
    tool_call_id?: string
  }[]
  const called = messages.flatMap(({ tool_calls = [] }) => tool_calls.map(({ id }) => id))
  expect(new Set(called).size).toBe(2)
  expect(messages.flatMap(({ tool_call_id }) => tool_call_id ?? [])).toEqual(called)
})

test.each(['openai:gpt-5.4', 'openai-chat:gpt-5.4', 'anthropic:claude-sonnet-4-5', 'compatible:llama-3.3'])(
  'no half of a character goes out to %s, wherever it stands',
  async (model) => {
    const half = 'a\ud83d'
    const { text } = await sentBody(
      { model },
      {
        prompt: [
          system(half),
          user(half),
          {
            role: 'assistant',
            parts: [
              { type: 'text', text: half },
              { type: 'call', callId: half, name: half, arguments: { [half]: [half] } },
            ],
          },
          { role: 'tool', callId: half, name: half, result: { [half]: half } },
          user(`\udc00 whole: 😀`),
        ],
        tools: [
          { name: 'look', description: half, parameters: { type: 'object', properties: { x: { enum: [half] } } } },
        ],
      },
    )
    expect(text).not.toMatch(/\\+ud[89a-f]/i)
    expect(text).toContain('😀')
  },
)

test.each(['openai:gpt-5.4', 'openai-chat:gpt-5.4', 'anthropic:claude-sonnet-4-5', 'compatible:llama-3.3'])(
  '%s is told all digits of a number, in arguments and results',
  async (model) => {
    const id = 12345678901234567890n
    const call = { type: 'call', callId: 'c1', name: 'look', arguments: { id } } as const
    const prompt = [
      user('Hi'),
      { role: 'assistant', parts: [call] },
      { role: 'tool', callId: 'c1', name: 'look', result: [{ of: id }] },
    ] as const
    const { text } = await sentBody({ model }, { prompt, tools: [look] })
    expect(text).toMatch(/\\?"id\\?":12345678901234567890\}/)
    expect(text).toMatch(/\{\\"of\\":12345678901234567890\}/)
  },
)
