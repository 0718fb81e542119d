import { expect, test } from 'vitest'
import { createDemoProvider } from '../../../src/models/demo/provider.ts'
import type { ModelPart } from '../../../src/models/model.ts'

test('binds the demo model to its settings: delay, length, reasoning and a token limit', async () => {
  const slept: number[] = []
  const provider = createDemoProvider({ sleep: async (ms) => void slept.push(ms) })
  const model = provider.open('demo', { words: '9', maxTokens: '33', delayMs: '7', reasoning: 'true' })
  if ('kind' in model) throw new Error('the demo model was refused')

  const parts: ModelPart[] = []
  const signal = new AbortController().signal
  for await (const part of model.stream({ prompt: [{ role: 'user', text: 'Hi you' }], signal })) parts.push(part)

  expect(model.name).toBe('demo/delayMs=7/maxTokens=33/reasoning=true/words=9')
  expect(parts.slice(0, 2)).toEqual([
    { type: 'reasoning', text: 'There' },
    { type: 'reasoning', text: ' is' },
  ])
  expect(parts.slice(-3)).toEqual([
    { type: 'text', text: 'I' },
    { type: 'text', text: ' am' },
    {
      type: 'finish',
      finish: 'length',
      usage: { inputTokens: 2, cachedInputTokens: 0, outputTokens: 33, reasoningTokens: 31 },
    },
  ])
  expect(slept).toHaveLength(33)
  expect(new Set(slept)).toEqual(new Set([7]))
})
