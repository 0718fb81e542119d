import { expect, test } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { secretsOf } from '../../src/config/secrets.ts'
import { createCatalogue } from '../../src/models/catalogue.ts'
import { createProviders, type ProvidersOptions, registry } from '../../src/models/providers.ts'
import { opened } from '../support/lifetime/opened.ts'
import { createManualTime } from './manual-time.ts'
import { noAccess } from './provider/no-access.ts'
import { call, startWire, user, wires } from './provider/wire.ts'

/** Whose lists of models are what the test says. */
function start(access: Partial<ProvidersOptions['access']>, lists: Readonly<Record<string, readonly string[]>> = {}) {
  const asked: { readonly url: string; readonly headers: unknown }[] = []
  const made = opened(
    createProviders({
      fetch: async (url, init) => {
        asked.push({ url: String(url), headers: init?.headers })
        const ids = lists[new URL(String(url)).host]
        return ids === undefined
          ? new Response('', { status: 404 })
          : Response.json({ data: ids.map((id) => ({ id })) })
      },
      clock: () => 0,
      sleep: () => Promise.reject(new Error('no call is made here')),
      random: () => 0,
      maxInFlight: 10,
      silenceMs: 1000,
      access: { ...noAccess, ...access },
    }),
  )
  return { ...made, asked }
}

const all = {
  openai: { apiKey: 'sk-openai' },
  anthropic: { apiKey: 'sk-anthropic' },
  compatible: { baseUrl: 'http://localhost:11434/v1/' },
}

/** What was answered is read and kept in a few turns of the loop. */
const listsRead = () => new Promise((resolve) => setImmediate(resolve))

test.each(Object.entries(registry))('%s is configured by its variable, and keeps its key out of logs', (name, each) => {
  const url = 'http://server.test/v1'
  const prefix = each.variable.replace(/_(API_KEY|BASE_URL)$/, '')
  const env = { [`${prefix}_BASE_URL`]: url, [`${prefix}_API_KEY`]: 'sk-of-this-one' }
  const config = readConfig(env, 'all')
  expect(config.providers).toEqual({ ...noAccess, [name]: { apiKey: 'sk-of-this-one', baseUrl: url } })
  expect(secretsOf(config)).toContain('sk-of-this-one')
  const { providers } = start(config.providers)
  expect(providers.map(({ id }) => id)).toEqual(['demo', ...each.ids])
  const { [each.variable]: _, ...rest } = env
  expect(readConfig(rest, 'all').providers).toEqual(noAccess)
})

test('every provider of the configuration is registered, and every one has its cases on the wire', () => {
  expect(Object.keys(readConfig({}, 'all').providers)).toEqual(Object.keys(registry))
  expect(wires.map(([id]) => id)).toEqual(Object.values(registry).flatMap(({ ids }) => ids))
})

test('without a key there is the demo model alone, and the others say what they are missing', () => {
  const { providers, unconfigured, asked } = start({})
  const catalogue = createCatalogue({ providers, unconfigured, defaultModel: 'demo' })
  expect(catalogue.list()).toEqual([{ id: 'demo', provider: 'demo', isDefault: true }])
  const refusals = ['openai:gpt-5.4', 'openai-chat:gpt-5.4', 'anthropic:claude', 'compatible:llama', 'mistral:large']
  expect(refusals.map(catalogue.resolve)).toEqual([
    { problem: 'The provider "openai" is not configured: OPENAI_API_KEY is not set.' },
    { problem: 'The provider "openai-chat" is not configured: OPENAI_API_KEY is not set.' },
    { problem: 'The provider "anthropic" is not configured: ANTHROPIC_API_KEY is not set.' },
    { problem: 'The provider "compatible" is not configured: OPENAI_COMPATIBLE_BASE_URL is not set.' },
    { problem: 'There is no provider "mistral". Configured: demo.' },
  ])
  expect(asked).toEqual([])
})

test('a default model whose key is missing is named at start', () => {
  const { providers, unconfigured } = start({})
  const catalogue = () => createCatalogue({ providers, unconfigured, defaultModel: 'openai:gpt-5.4' })
  expect(catalogue).toThrow('DEFAULT_MODEL: The provider "openai" is not configured: OPENAI_API_KEY is not set.')
})

test('lists are asked for at each provider’s own address, in its own way', () => {
  const { asked, unconfigured } = start(all)
  expect(asked).toEqual([
    { url: 'https://api.openai.com/v1/models', headers: { authorization: 'Bearer sk-openai' } },
    {
      url: 'https://api.anthropic.com/v1/models',
      headers: { 'x-api-key': 'sk-anthropic', 'anthropic-version': '2023-06-01' },
    },
    { url: 'http://localhost:11434/v1/models', headers: {} },
  ])
  const configured = [registry.openai, registry.anthropic, registry.compatible].flatMap(({ ids }) => ids)
  expect(Object.keys(unconfigured).filter((id) => configured.includes(id))).toEqual([])
})

test.each([
  ['http://proxy.test', 'http://proxy.test/v1/models'],
  ['http://proxy.test/', 'http://proxy.test/v1/models'],
  ['http://proxy.test/v1', 'http://proxy.test/v1/models'],
  ['http://proxy.test/anthropic/v1/', 'http://proxy.test/anthropic/v1/models'],
])('Anthropic’s address may be written %s', (baseUrl, url) => {
  expect(start({ anthropic: { apiKey: 'sk-anthropic', baseUrl } }).asked[0]?.url).toBe(url)
})

test('shows what the providers say they serve, and the default model even before that', async () => {
  const { providers } = start(all, {
    'api.openai.com': ['gpt-5.4', 'text-embedding-3-small', 'gpt-image-1', 'o3'],
    'api.anthropic.com': ['claude-opus-5'],
    'localhost:11434': ['llama3:latest'],
  })
  const catalogue = createCatalogue({ providers, defaultModel: 'openai:gpt-6/temperature=0.2' })
  const ids = () => catalogue.list().map(({ id, isDefault }) => (isDefault ? `${id}, by default` : id))
  expect(ids()).toEqual(['demo', 'openai:gpt-6, by default'])
  await listsRead()
  expect(ids()).toEqual([
    'demo',
    'openai:gpt-6, by default',
    'openai:gpt-5.4',
    'openai:o3',
    'anthropic:claude-opus-5',
    'compatible:llama3:latest',
  ])
})

test('a compatible server’s list decides which names there are; OpenAI and Anthropic decide for themselves', async () => {
  const { providers } = start(all, {
    'api.openai.com': ['gpt-5.4'],
    'api.anthropic.com': ['claude-opus-5'],
    'localhost:11434': ['llama3:latest', 'qwen3'],
  })
  const { resolve } = createCatalogue({ providers, defaultModel: 'demo' })
  expect(resolve('compatible:nothing-known-yet')).toHaveProperty('model')
  await listsRead()
  for (const name of ['compatible:qwen3', 'compatible:llama3', 'openai:gpt-9', 'anthropic:claude-9']) {
    expect(resolve(name)).toMatchObject({ model: { name } })
  }
  expect(resolve('compatible:gone')).toEqual({
    problem:
      'There is no model "compatible:gone". Configured: ' +
      'demo, openai:gpt-5.4, anthropic:claude-opus-5, compatible:llama3:latest, compatible:qwen3.',
  })
})

test('a long list does not become a long sentence', async () => {
  const { providers } = start(all, { 'localhost:11434': Array.from({ length: 100 }, (_, index) => `m${index}`) })
  const { resolve } = createCatalogue({ providers, defaultModel: 'demo' })
  await listsRead()
  expect(resolve('compatible:gone')).toMatchObject({ problem: expect.stringMatching(/compatible:m18, and 81 more\.$/) })
})

test('a provider that throttles holds its own calls back, both APIs of OpenAI’s together, and no one else’s', async () => {
  const time = createManualTime()
  const wire = await startWire({ ...time })
  let isThrottling = true
  wire.mock.on({ model: 'gpt-5.4' }, () =>
    isThrottling ? { error: { message: 'Slow down.' }, status: 429, retryAfter: 7 } : { content: 'Hello' },
  )
  wire.mock.on({}, { content: 'Hello' })
  const hi = [user('Hi')]
  const compatible = wire.open('compatible', 'llama')
  expect((await call(wire.open('openai', 'gpt-5.4'), hi)).fault).toMatchObject({ retryAfterMs: 7000 })
  isThrottling = false
  const held = [call(wire.open('openai', 'gpt-5.4'), hi), call(wire.open('openai-chat', 'gpt-5.4'), hi)]
  expect(await call(wire.open('anthropic', 'claude-opus-5'), hi)).toMatchObject({ text: 'Hello' })
  expect(await call(compatible, hi)).toMatchObject({ text: 'Hello' })
  expect(wire.sent).toHaveLength(3)
  await time.pass(7000)
  // Waiting for its turn was no silence of the model's.
  expect(await Promise.all(held)).toMatchObject([
    { fault: null, text: 'Hello' },
    { fault: null, text: 'Hello' },
  ])
})

test('the bound on calls in flight holds for each provider by itself', async () => {
  const wire = await startWire({ maxInFlight: 1 })
  const gate = Promise.withResolvers<void>()
  wire.mock.on({ model: 'gpt-5.4' }, async () => {
    await gate.promise
    return { content: 'Hello' }
  })
  wire.mock.on({}, { content: 'Hello' })
  const hi = [user('Hi')]
  const first = call(wire.open('openai', 'gpt-5.4'), hi)
  const second = call(wire.open('openai-chat', 'gpt-5.4'), hi)
  expect(await call(wire.open('anthropic', 'claude-opus-5'), hi)).toMatchObject({ text: 'Hello' })
  expect(wire.sent.map(({ url }) => new URL(url).pathname).sort()).toEqual(['/v1/messages', '/v1/responses'])
  gate.resolve()
  expect(await Promise.all([first, second])).toMatchObject([{ text: 'Hello' }, { text: 'Hello' }])
})
