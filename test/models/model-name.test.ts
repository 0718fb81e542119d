import { expect, test } from 'vitest'
import { formatModelName, parseModelName } from '../../src/models/model-name.ts'

test.each([
  ['demo', { name: 'demo', settings: {} }],
  ['demo:demo', { provider: 'demo', name: 'demo', settings: {} }],
  ['demo/delayMs=0/words=10', { name: 'demo', settings: { delayMs: '0', words: '10' } }],
  [
    'openai:gpt-5.4/temperature=0.2/maxTokens=800',
    { provider: 'openai', name: 'gpt-5.4', settings: { temperature: '0.2', maxTokens: '800' } },
  ],
  ['compatible:llama3.2:3b', { provider: 'compatible', name: 'llama3.2:3b', settings: {} }],
  ['compatible:meta%2Fllama/stop=a%2fb', { provider: 'compatible', name: 'meta/llama', settings: { stop: 'a/b' } }],
  ['demo/note=a=b:c%20', { name: 'demo', settings: { note: 'a=b:c%20' } }],
])('%s is read', (text, name) => {
  expect(parseModelName(text)).toEqual(name)
})

test.each([
  ['', 'The model name "" names no model.'],
  ['demo:', 'The model name "demo:" names no model.'],
  [':demo', 'The model name ":demo" names no provider before its colon.'],
  ['/words=1', 'The model name "/words=1" names no model.'],
  ['demo/', 'The model name "demo/" holds "" where a setting like key=value belongs.'],
  ['demo/words', 'The model name "demo/words" holds "words" where a setting like key=value belongs.'],
  ['demo/words=', 'The model name "demo/words=" holds "words=" where a setting like key=value belongs.'],
  ['demo/=1', 'The model name "demo/=1" holds "=1" where a setting like key=value belongs.'],
  ['demo/__proto__=1', 'The model name "demo/__proto__=1" holds "__proto__=1" where a setting like key=value belongs.'],
  ['meta/llama', 'The model name "meta/llama" holds "llama" where a setting like key=value belongs.'],
  ['demo/words=1/words=1', 'The model name "demo/words=1/words=1" sets words twice.'],
])('%s is refused', (text, problem) => {
  expect(parseModelName(text)).toBe(problem)
})

test.each([
  [{ provider: 'demo', name: 'demo', settings: { words: '10', delayMs: '0' } }, 'demo:demo/delayMs=0/words=10'],
  [{ name: 'demo', settings: {} }, 'demo'],
  [
    { provider: 'compatible', name: 'meta/llama:8b', settings: { stop: 'a/b' } },
    'compatible:meta%2Fllama:8b/stop=a%2Fb',
  ],
])('%j is written canonically', (name, text) => {
  expect(formatModelName(name)).toBe(text)
})
