import { expect, test } from 'vitest'
import { continuationNotice } from '../../../src/conversation/prompt/prompt.ts'
import { createDemoProvider } from '../../../src/models/demo/provider.ts'
import type { ModelCall, PromptMessage } from '../../../src/models/model.ts'
import { callWith, user } from '../provider/wire.ts'

const city = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const getWeather = { name: 'get_weather', description: 'The weather.', parameters: city }
const searchNews = {
  name: 'searchNews',
  description: '',
  parameters: { properties: { query: {} }, required: ['query'] },
}
const roll = { name: '$roll', description: '', parameters: { type: 'object' } }
const tools = [getWeather, searchNews, roll]

function ask(asked: Omit<ModelCall, 'signal' | 'tools'>, settings: Record<string, string> = {}, declared = tools) {
  const provider = createDemoProvider({ sleep: async () => undefined })
  const model = provider.open('demo', { delayMs: '0', ...settings })
  if ('kind' in model) throw new Error('the demo model was refused')
  return callWith(model, { ...asked, tools: declared })
}

const called = async (...given: Parameters<typeof ask>) =>
  (await ask(...given)).calls.map((call) => [call.name, JSON.parse(call.arguments)])

const answered: readonly PromptMessage[] = [
  user('What does get_weather say for Oslo?'),
  { role: 'assistant', parts: [{ type: 'call', callId: 'c1', name: 'get_weather', arguments: { city: 'Oslo' } }] },
  { role: 'tool', callId: 'c1', name: 'get_weather', result: { sky: 'grey', degrees: 3 } },
]

test('calls the function that the last user message names, and says nothing else', async () => {
  const { parts } = await ask({ prompt: [user('What does get_weather say for Oslo?')] })
  expect(parts).toEqual([
    { type: 'call', id: 'call_1', name: 'get_weather', arguments: '{"city":"Oslo"}' },
    {
      type: 'finish',
      finish: 'stop',
      usage: { inputTokens: 6, cachedInputTokens: 0, outputTokens: 1, reasoningTokens: 0 },
    },
  ])
})

test('calls several in one turn, each with the words after its name', async () => {
  const prompt = [user('Please get weather for Oslo, roll, and then search news about "tall ships".')]
  expect(await called({ prompt })).toEqual([
    ['get_weather', { city: 'Oslo' }],
    ['$roll', {}],
    ['searchNews', { query: 'tall ships' }],
  ])
  const ids = (await ask({ prompt })).calls.map(({ id }) => id)
  expect(ids).toEqual(['call_1', 'call_2', 'call_3'])
})

test.each([
  ['no function is named', [user('What is the weather?')], tools],
  ['there are no functions', [user('get_weather')], []],
  ['an earlier message named it', [user('get_weather'), user('Thanks.')], tools],
])('answers when %s', async (_, prompt, declared) => {
  const { calls, text } = await ask({ prompt }, {}, declared)
  expect(calls).toEqual([])
  expect(text).toMatch(/^I am Backchannel's demo model/)
})

test('finds words before the name where there are none after it, and names of arguments anywhere', async () => {
  expect(await called({ prompt: [user('In Oslo, get_weather.')] })).toEqual([['get_weather', { city: 'Oslo' }]])
  const prompt = [user('For tall ships, use get_weather and search_news. city=Bergen')]
  expect(await called({ prompt })).toEqual([
    ['get_weather', { city: 'Bergen' }],
    ['searchNews', { query: 'tall ships' }],
  ])
})

test('calls what it is forced to, named or not, called before or not', async () => {
  expect(await called({ prompt: [user('Hello.')], forced: 'get_weather' })).toEqual([['get_weather', { city: 'demo' }]])
  const prompt = [user('Roll, and get_weather for Oslo.')]
  expect(await called({ prompt, forced: '$roll' })).toEqual([['$roll', {}]])
  expect(await called({ prompt: answered, forced: 'get_weather' })).toHaveLength(1)
  expect((await ask({ prompt: answered, forced: 'get_weather' })).calls).toMatchObject([{ id: 'call_2' }])
})

test('answers from the results, quotes them, and says that it is a demo', async () => {
  const { calls, text } = await ask({ prompt: answered })
  expect(calls).toEqual([])
  expect(text).toBe(`\
I am Backchannel's demo model, a small program that understands nothing and only looks as if it were thinking. I called \
get_weather, and it answered: {"sky":"grey","degrees":3}

That is quoted, not understood. You said “What does get_weather say for Oslo?”, this conversation has 2 messages so \
far, and to anything else I would have answered much the same.`)
})

test('quotes results of any kind, an error and a long one too, but not those of earlier messages', async () => {
  const said = async (result: unknown) =>
    (await ask({ prompt: [...answered.slice(0, 2), { role: 'tool', callId: 'c1', name: 'get_weather', result }] })).text
  expect(await said('grey')).toContain('it answered: grey\n')
  expect(await said(0)).toContain('it answered: 0\n')
  expect(await said('')).toContain('it answered nothing.')
  expect(await said({ error: 'No such city.' })).toContain('it answered: {"error":"No such city."}')
  expect((await said('long '.repeat(1000))).length).toBeLessThan(2000)
  expect((await ask({ prompt: [...answered, user('Thanks.')] })).text).not.toContain('grey')
})

test('calls what is named and still uncalled, and may be asked for the same again by the next message', async () => {
  const both = [user('Roll, and get_weather for Oslo.'), ...answered.slice(1)]
  expect(await called({ prompt: both })).toEqual([['$roll', {}]])
  expect(await called({ prompt: [...answered, user('And get_weather for Bergen?')] })).toEqual([
    ['get_weather', { city: 'Bergen' }],
  ])
})

test('an answer from results that was cut goes on where it stopped, without calling again', async () => {
  const whole = (await ask({ prompt: answered })).text
  const first = await ask({ prompt: answered }, { maxTokens: '25' })
  expect(first.last).toMatchObject({ finish: 'length' })
  const cut: PromptMessage = { role: 'assistant', parts: [{ type: 'text', text: first.text }] }
  const rest = await ask({ prompt: [...answered, cut, user(continuationNotice)] })
  expect([rest.calls, first.text + rest.text]).toEqual([[], whole])
})

test('keeps its length, its delay and its reasoning', async () => {
  const slept: number[] = []
  const model = createDemoProvider({ sleep: async (ms) => void slept.push(ms) }).open('demo', {
    delayMs: '7',
    words: '30',
    reasoning: 'true',
  })
  if ('kind' in model) throw new Error('the demo model was refused')
  const first = await callWith(model, { prompt: [user('get_weather and roll')], tools })
  expect(first.parts.filter(({ type }) => type === 'reasoning')).toHaveLength(31)
  expect([first.calls.length, slept.length, new Set(slept)]).toEqual([2, 33, new Set([7])])
  expect((await callWith(model, { prompt: answered, tools })).text.split(/\s+/)).toHaveLength(30)
})

test('quotes the lines of its system message that are about the last user message', async () => {
  const system = [
    'You are the help desk of a shop. This is what you know about it:',
    'Opening hours: Monday to Friday, 9 to 17.',
    'Refund period: thirty days after delivery.',
  ].join('\n')
  const said = async (text: string) => (await ask({ prompt: [{ role: 'system', text: system }, user(text)] })).text
  const refund = 'What I was given says: Refund period: thirty days after delivery.\n\nThat is quoted, not understood.'
  expect(await said('How long is the refund period?')).toContain(refund)
  expect(await said('What should you know about this?')).not.toContain('What I was given')
  expect(await said('Refund!')).not.toContain('What I was given')
})
