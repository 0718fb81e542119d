import { describe, expect, test } from 'vitest'
import { createCatalogue } from '../../../src/models/catalogue.ts'
import { createProviders } from '../../../src/models/providers.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { noAccess } from './no-access.ts'
import { call, startWire, user } from './wire.ts'

const hi = [user('Hi')]

function catalogue() {
  const { providers } = opened(
    createProviders({
      access: {
        ...noAccess,
        openai: { apiKey: 'sk-secret-key', baseUrl: 'http://nowhere.test/v1' },
        anthropic: { apiKey: 'sk-secret-key', baseUrl: 'http://nowhere.test' },
        compatible: { baseUrl: 'http://nowhere.test/v1' },
      },
      fetch: () => Promise.reject(new Error('no call is made here')),
      clock: () => 0,
      sleep: () => Promise.reject(new Error('no call is made here')),
      random: () => 0,
      maxInFlight: 1,
      silenceMs: 1,
    }),
  )
  return createCatalogue({ providers, defaultModel: 'demo' })
}

describe('on the wire', () => {
  const all = { temperature: '0.5', maxTokens: '99', topP: '0.9' }
  const penalties = { seed: '7', frequencyPenalty: '-0.5', presencePenalty: '1.5' }
  const chat = { seed: 7, frequency_penalty: -0.5, presence_penalty: 1.5, temperature: 0.5, top_p: 0.9 }

  test.each([
    ['openai', 'gpt-4.1', all, { temperature: 0.5, max_output_tokens: 99, top_p: 0.9, store: false }],
    ['openai', 'gpt-5.4', all, { temperature: 0.5, max_output_tokens: 99, top_p: 0.9, reasoning: { effort: 'none' } }],
    ['openai', 'gpt-5.4', { reasoningEffort: 'high' }, { reasoning: { effort: 'high', summary: 'detailed' } }],
    ['openai', 'gpt-5.4', { reasoningEffort: 'minimal' }, { reasoning: { effort: 'minimal', summary: 'detailed' } }],
    ['openai', 'o99-unheard-of', { reasoningEffort: 'low' }, { reasoning: { effort: 'low', summary: 'detailed' } }],
    ['openai-chat', 'gpt-4.1', { ...all, ...penalties }, { ...chat, max_tokens: 99 }],
    [
      'openai-chat',
      'gpt-5.4',
      { maxTokens: '99', reasoningEffort: 'low' },
      { max_completion_tokens: 99, reasoning_effort: 'low' },
    ],
    ['anthropic', 'claude-sonnet-4-5', { temperature: '0.5', maxTokens: '99' }, { temperature: 0.5, max_tokens: 99 }],
    ['anthropic', 'claude-sonnet-4-5', { topP: '0.9' }, { top_p: 0.9 }],
    [
      'anthropic',
      'claude-sonnet-4-5',
      { reasoningEffort: 'high' },
      { thinking: { type: 'enabled', budget_tokens: 38_400 } },
    ],
    [
      'anthropic',
      'claude-sonnet-4-6',
      { reasoningEffort: 'low' },
      { thinking: { type: 'adaptive' }, output_config: { effort: 'low' } },
    ],
    ['anthropic', 'claude-sonnet-4-6', { reasoningEffort: 'none' }, { thinking: { type: 'disabled' } }],
    ['compatible', 'llama', { ...all, ...penalties }, { ...chat, max_tokens: 99 }],
    ['compatible', 'llama', { reasoningEffort: 'medium' }, { reasoning_effort: 'medium' }],
  ])('%s:%s says %j as %j', async (id, name, settings, body) => {
    const wire = await startWire()
    wire.mock.on({}, { content: 'Hello' })
    expect(await call(wire.open(id, name, settings), hi)).toMatchObject({ fault: null, text: 'Hello' })
    expect(wire.sent[0]?.body).toMatchObject({ model: name, stream: true, ...body })
  })

  test.each([
    ['openai', 'gpt-4.1', ['input', 'model', 'store', 'stream']],
    ['openai', 'gpt-5.4', ['include', 'input', 'model', 'store', 'stream']],
    ['openai-chat', 'gpt-5.4', ['messages', 'model', 'stream', 'stream_options']],
    ['anthropic', 'claude-sonnet-4-5', ['max_tokens', 'messages', 'model', 'stream']],
    ['compatible', 'llama', ['messages', 'model', 'stream', 'stream_options']],
  ])('%s:%s leaves to the provider what was not set', async (id, name, keys) => {
    const wire = await startWire()
    wire.mock.on({}, { content: 'Hello' })
    await call(wire.open(id, name), hi)
    expect(Object.keys(wire.sent[0]?.body ?? {}).sort()).toEqual(keys)
  })

  test.each([
    ['openai', 'authorization', 'Bearer sk-openai-secret'],
    ['openai-chat', 'authorization', 'Bearer sk-openai-secret'],
    ['anthropic', 'x-api-key', 'sk-anthropic-secret'],
    ['compatible', 'authorization', 'Bearer sk-compatible-secret'],
  ])('%s shows its own key', async (id, header, value) => {
    const wire = await startWire()
    wire.mock.on({}, { content: 'Hello' })
    await call(wire.open(id, 'm'), hi)
    expect(wire.sent[0]?.headers.get(header)).toBe(value)
  })

  test.each([
    ['openai', 'o3', { temperature: '0.5' }, 'temperature'],
    ['openai', 'gpt-5', { topP: '0.5' }, 'topP'],
    ['openai', 'gpt-5.4', { temperature: '0.5', reasoningEffort: 'high' }, 'temperature'],
    ['anthropic', 'claude-opus-5', { temperature: '0.5' }, 'temperature'],
    ['anthropic', 'claude-sonnet-4-5', { temperature: '0.5', topP: '0.5' }, 'topP'],
    ['anthropic', 'claude-sonnet-4-5', { temperature: '0.5', reasoningEffort: 'low' }, 'temperature'],
  ] as const)(
    '%s:%s refuses what it cannot use of %j, rather than leave it out',
    async (id, name, settings, refused) => {
      const wire = await startWire()
      wire.mock.on({}, { content: 'Hello' })
      expect((await call(wire.open(id, name, settings), hi)).fault).toMatchObject({
        kind: 'rejected',
        message: `This model cannot use the setting ${refused}, alone or beside the others.`,
      })
    },
  )
})

const none =
  'It takes temperature (a number from 0 to 2), maxTokens (a whole number from 1 to 10000000), topP (a number from 0 to 1), reasoningEffort (one of none, minimal, low, medium, high, xhigh, max), verbosity (one of low, medium, high).'

test.each([
  ['openai:m/temperature=2.1', 'The model "openai:m" takes as temperature a number from 0 to 2, not "2.1".'],
  ['openai:m/temperature=-0.1', 'The model "openai:m" takes as temperature a number from 0 to 2, not "-0.1".'],
  ['openai:m/temperature=hot', 'The model "openai:m" takes as temperature a number from 0 to 2, not "hot".'],
  ['openai:m/temperature=1e-1', 'The model "openai:m" takes as temperature a number from 0 to 2, not "1e-1".'],
  ['openai:m/temperature=.5', 'The model "openai:m" takes as temperature a number from 0 to 2, not ".5".'],
  ['openai:m/maxTokens=0', 'The model "openai:m" takes as maxTokens a whole number from 1 to 10000000, not "0".'],
  ['openai:m/maxTokens=1.5', 'The model "openai:m" takes as maxTokens a whole number from 1 to 10000000, not "1.5".'],
  ['openai:m/topP=1.01', 'The model "openai:m" takes as topP a number from 0 to 1, not "1.01".'],
  ['openai:m/seed=1', `The model "openai:m" has no setting "seed". ${none}`],
  ['openai:m/presencePenalty=1', `The model "openai:m" has no setting "presencePenalty". ${none}`],
  [
    'openai:m/__proto=1',
    'The model name "openai:m/__proto=1" holds "__proto=1" where a setting like key=value belongs.',
  ],
  [
    'openai-chat:m/seed=-1',
    'The model "openai-chat:m" takes as seed a whole number from 0 to 9007199254740991, not "-1".',
  ],
  [
    'openai-chat:m/frequencyPenalty=3',
    'The model "openai-chat:m" takes as frequencyPenalty a number from -2 to 2, not "3".',
  ],
  [
    'openai-chat:m/reasoningEffort=max',
    'The model "openai-chat:m" takes as reasoningEffort one of none, minimal, low, medium, high, xhigh, not "max".',
  ],
  ['anthropic:m/temperature=1.1', 'The model "anthropic:m" takes as temperature a number from 0 to 1, not "1.1".'],
  [
    'anthropic:m/reasoningEffort=minimal',
    'The model "anthropic:m" takes as reasoningEffort one of none, low, medium, high, xhigh, max, not "minimal".',
  ],
  [
    'compatible:m/presencePenalty=-2.5',
    'The model "compatible:m" takes as presencePenalty a number from -2 to 2, not "-2.5".',
  ],
])('%s is refused at once', (name, problem) => {
  expect(catalogue().resolve(name)).toEqual({ problem })
})

test('anthropic refuses by name what it has no word for', () => {
  for (const key of ['seed', 'frequencyPenalty', 'presencePenalty']) {
    const resolved = catalogue().resolve(`anthropic:m/${key}=1`)
    expect(resolved).toMatchObject({
      problem: expect.stringContaining(`The model "anthropic:m" has no setting "${key}".`),
    })
  }
})

test.each([
  ['openai:gpt-5.4/temperature=0.20/maxTokens=800', 'openai:gpt-5.4/maxTokens=800/temperature=0.2'],
  ['openai-chat:gpt-4.1/seed=7/presencePenalty=-0/topP=1.0', 'openai-chat:gpt-4.1/presencePenalty=0/seed=7/topP=1'],
  ['openai:ft:gpt-4.1:org::id', 'openai:ft:gpt-4.1:org::id'],
  ['compatible:meta%2Fllama:8b/temperature=1.50', 'compatible:meta%2Fllama:8b/temperature=1.5'],
])('%s is named %s, by which it is found again', (name, canonical) => {
  const { resolve } = catalogue()
  expect(resolve(name)).toMatchObject({ model: { name: canonical } })
  expect(resolve(canonical)).toMatchObject({ model: { name: canonical } })
})
