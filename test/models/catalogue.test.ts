import { expect, test } from 'vitest'
import { createCatalogue, type Provider } from '../../src/models/catalogue.ts'
import { createDemoProvider } from '../../src/models/demo/provider.ts'
import { formatModelName } from '../../src/models/model-name.ts'

const demo = createDemoProvider({ sleep: () => Promise.reject(new Error('no call is made here')) })

/** Opens whatever it is asked for, like a provider that serves more models than it lists. */
const other: Provider = {
  id: 'other',
  models: () => [{ id: 'small' }, { id: 'large' }],
  open: (name, settings) => ({
    name: formatModelName({ provider: 'other', name, settings }),
    async *stream() {},
  }),
}

const demoAlone = createCatalogue({ providers: [demo], defaultModel: 'demo/delayMs=0' })
const both = createCatalogue({ providers: [demo, other], defaultModel: 'other:large' })

test.each([
  [undefined, 'demo/delayMs=0'],
  ['demo', 'demo'],
  ['demo:demo', 'demo'],
  ['demo/words=10/delayMs=0', 'demo/delayMs=0/words=10'],
  ['demo:demo/reasoning=true/maxTokens=5', 'demo/maxTokens=5/reasoning=true'],
  ['demo/delayMs=10000/words=1000000', 'demo/delayMs=10000/words=1000000'],
])('%s resolves to %s', (name, canonical) => {
  expect(demoAlone.resolve(name)).toMatchObject({ model: { name: canonical } })
})

test.each([
  [undefined, 'other:large'],
  ['small', 'other:small'],
  ['unlisted', 'other:unlisted'],
  ['other', 'other:other'],
  ['demo', 'demo'],
])('beside another default provider, %s resolves to %s', (name, canonical) => {
  expect(both.resolve(name)).toMatchObject({ model: { name: canonical } })
})

const settings =
  'delayMs (a whole number from 0 to 10000), words (a whole number from 1 to 1000000), ' +
  'maxTokens (a whole number from 1 to 1000000), reasoning (true or false)'

test.each([
  ['gpt-9', 'There is no model "gpt-9". Configured: demo.'],
  ['demo:gpt-9/words=3', 'There is no model "demo:gpt-9". Configured: demo.'],
  ['openai:gpt-9', 'There is no provider "openai". Configured: demo.'],
  ['__proto__:x', 'There is no provider "__proto__". Configured: demo.'],
  ['', 'The model name "" names no model.'],
  ['demo/words', 'The model name "demo/words" holds "words" where a setting like key=value belongs.'],
  ['demo/speed=1', `The model "demo" has no setting "speed". It takes ${settings}.`],
  ['demo/constructor=1', `The model "demo" has no setting "constructor". It takes ${settings}.`],
  ['demo/delayMs=10001', 'The model "demo" takes as delayMs a whole number from 0 to 10000, not "10001".'],
  ['demo/delayMs=-1', 'The model "demo" takes as delayMs a whole number from 0 to 10000, not "-1".'],
  ['demo/delayMs=1.5', 'The model "demo" takes as delayMs a whole number from 0 to 10000, not "1.5".'],
  ['demo/delayMs=007', 'The model "demo" takes as delayMs a whole number from 0 to 10000, not "007".'],
  ['demo/words=0', 'The model "demo" takes as words a whole number from 1 to 1000000, not "0".'],
  ['demo/words=1000001', 'The model "demo" takes as words a whole number from 1 to 1000000, not "1000001".'],
  ['demo/maxTokens=0', 'The model "demo" takes as maxTokens a whole number from 1 to 1000000, not "0".'],
  ['demo/reasoning=yes', 'The model "demo" takes as reasoning true or false, not "yes".'],
])('%s is refused with a sentence that helps', (name, problem) => {
  expect(demoAlone.resolve(name)).toEqual({ problem })
})

test('lists what may be named, with the default marked', () => {
  expect(demoAlone.list()).toEqual([{ id: 'demo', provider: 'demo', isDefault: true }])
  expect(both.list()).toEqual([
    { id: 'demo', provider: 'demo', isDefault: false },
    { id: 'other:small', provider: 'other', isDefault: false },
    { id: 'other:large', provider: 'other', isDefault: true },
  ])
})

test.each([
  ['gpt-9', 'DEFAULT_MODEL: There is no model "gpt-9". Configured: demo.'],
  ['openai:gpt-9', 'DEFAULT_MODEL: There is no provider "openai". Configured: demo.'],
  ['', 'DEFAULT_MODEL: The model name "" names no model.'],
  ['demo/words=0', 'DEFAULT_MODEL: The model "demo" takes as words a whole number from 1 to 1000000, not "0".'],
])('is not made with the default model %j', (defaultModel, message) => {
  expect(() => createCatalogue({ providers: [demo], defaultModel })).toThrow(
    `${message} It takes demo or provider:name, such as openai:gpt-5.4 or compatible:llama3.2.`,
  )
})
