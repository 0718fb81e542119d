import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Delta, Fact } from '../../src/conversation/event.ts'
import { callModel } from '../../src/worker/call-model.ts'
import type { EventWriter } from '../../src/worker/event-writer.ts'
import { createScriptedModel, type Line, type ScriptedCall } from '../support/scripted-model.ts'

async function call(script: ScriptedCall, signal = new AbortController().signal) {
  const deltas: Delta[] = []
  const writer: EventWriter = {
    delta: (delta) => void deltas.push(delta),
    unit: () => {},
    flushed: async () => {},
    room: () => null,
    open: [],
    stopped: new AbortController().signal,
    full: new AbortController().signal,
  }
  let minted = 0
  const model = createScriptedModel([script])
  const facts: readonly Fact[] = await callModel({
    model,
    prompt: [],
    iteration: 3,
    signal,
    writer,
    messageId: () => `m${++minted}`,
  })
  return { deltas, facts }
}

test('says text as deltas by position; the outcome is one unit with the whole message and its usage', async () => {
  const { deltas, facts } = await call({ lines: ['One', ' two'] })
  expect(deltas).toEqual([
    { type: 'text-delta', messageId: 'm1', position: 0, text: 'One' },
    { type: 'text-delta', messageId: 'm1', position: 3, text: ' two' },
  ])
  expect(facts).toEqual([
    { type: 'message-completed', message: { id: 'm1', type: 'bot', text: 'One two' } },
    {
      type: 'iteration-finished',
      iteration: 3,
      finish: 'stop',
      usage: {
        inputTokens: 10,
        cachedInputTokens: 1,
        outputTokens: 5,
        reasoningTokens: 2,
        totalTokens: 15,
        iterations: 1,
        calls: 0,
      },
    },
  ])
})

test('reasoning is a message of its own, and each stretch another', async () => {
  const { deltas, facts } = await call({ lines: [{ reasoning: 'Hm.' }, 'One', { reasoning: 'Oh.' }, 'two'] })
  expect(deltas.map(({ type, messageId }) => [type, messageId])).toEqual([
    ['reasoning-delta', 'm1'],
    ['text-delta', 'm2'],
    ['reasoning-delta', 'm3'],
    ['text-delta', 'm4'],
  ])
  expect(facts.slice(0, -1)).toMatchObject([
    { message: { id: 'm1', type: 'reasoning', text: 'Hm.' } },
    { message: { id: 'm2', type: 'bot', text: 'One' } },
    { message: { id: 'm3', type: 'reasoning', text: 'Oh.' } },
    { message: { id: 'm4', type: 'bot', text: 'two' } },
  ])
})

test('a model that says nothing leaves no message', async () => {
  const { deltas, facts } = await call({ lines: [''], finish: 'length' })
  expect(deltas).toEqual([])
  expect(facts).toMatchObject([{ type: 'iteration-finished', finish: 'length' }])
})

test('a pair of surrogates that is split over chunks is never sent in halves', async () => {
  const { deltas } = await call({ lines: ['a\ud83d', '\ude42b', '\ud83d', '\ude00'] })
  expect(deltas).toEqual([
    { type: 'text-delta', messageId: 'm1', position: 0, text: 'a' },
    { type: 'text-delta', messageId: 'm1', position: 1, text: '🙂b' },
    { type: 'text-delta', messageId: 'm1', position: 4, text: '😀' },
  ])
})

test('half a pair that stays alone is kept as it came', async () => {
  const { deltas, facts } = await call({ lines: ['a\ud83d', { reasoning: 'x' }, 'b\ud83d'] })
  expect(deltas.map(({ text }) => text)).toEqual(['a', '\ud83d', 'x', 'b', '\ud83d'])
  expect(facts).toMatchObject([{ message: { text: 'a\ud83d' } }, { message: {} }, { message: { text: 'b\ud83d' } }, {}])
})

test('whatever the chunks, the deltas by position are the message, and no delta ends in the middle of a pair', async () => {
  const unit = fc.constantFrom('a', 'é', '\ud83d', '\ude42', '🙂', '\u0000', '\n')
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(unit).map((units) => units.join(''))), async (lines: Line[]) => {
      const { deltas, facts } = await call({ lines: [...lines, '.'] })
      const text = deltas.reduce((soFar, delta) => soFar.slice(0, delta.position) + delta.text, '')
      expect(facts).toMatchObject([{ message: { text } }, {}])
      expect(text).toBe(`${lines.join('')}.`)
      for (const [index, { text: next }] of deltas.slice(1).entries()) {
        const isPair = /[\ud800-\udbff]$/.test(deltas[index]?.text ?? '') && /^[\udc00-\udfff]/.test(next)
        expect(isPair).toBe(false)
      }
    }),
  )
})

test('a stream that ends without finishing is the fault of the provider', async () => {
  await expect(call({ lines: ['One'], finish: null })).rejects.toMatchObject({
    name: 'ModelFault',
    kind: 'unavailable',
  })
})

test('an abort in the middle ends the call', async () => {
  const abort = new AbortController()
  const calling = call({ lines: ['One', new Promise(() => {}), 'two'] }, abort.signal)
  abort.abort(new Error('enough'))
  await expect(calling).rejects.toThrow('enough')
})
