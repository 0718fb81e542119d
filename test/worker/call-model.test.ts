import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Fact } from '../../src/conversation/event.ts'
import { createCallReader } from '../../src/conversation/read-call.ts'
import type { ModelUsage } from '../../src/models/model.ts'
import { callModel } from '../../src/worker/call-model.ts'
import { inlineChecks } from '../support/inline-helpers.ts'
import { functionSpec } from '../support/run/facts.ts'
import { createRecordingWriter } from '../support/run/recording-writer.ts'
import { createScriptedModel, type Line, type ScriptedCall } from '../support/run/scripted-model.ts'

const functions = [
  functionSpec('known', { parameters: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] } }),
  functionSpec('ours', { answer: { kind: 'caller' } }),
]

async function call(script: ScriptedCall, signal = new AbortController().signal) {
  const usages: ModelUsage[] = []
  const writer = createRecordingWriter()
  let minted = 0
  let mintedCalls = 0
  const model = createScriptedModel([script])
  const facts: readonly Fact[] = await callModel({
    model,
    prompt: [],
    tools: [],
    forced: null,
    readCalls: createCallReader({ functions, limit: 3, check: () => inlineChecks.begin('acme') }),
    callsBefore: 1,
    callId: () => `c${++mintedCalls}`,
    iteration: 3,
    signal,
    turn: () => undefined,
    writer,
    messageId: () => `m${++minted}`,
    blocks: [],
    onUsage: (usage) => void usages.push(usage),
  })
  return { deltas: writer.deltas, facts, usages }
}

test('writes text as deltas by position; the outcome is one unit with the complete message and its usage', async () => {
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
        discardedTokens: 0,
        iterations: 1,
        calls: 0,
      },
    },
  ])
})

test('each stretch of reasoning is a separate message', async () => {
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

test('a silent model leaves no message', async () => {
  const { deltas, facts } = await call({ lines: [''], finish: 'length' })
  expect(deltas).toEqual([])
  expect(facts).toMatchObject([{ type: 'iteration-finished', finish: 'length' }])
})

test('a surrogate pair split across chunks is never sent in halves', async () => {
  const { deltas } = await call({ lines: ['a\ud83d', '\ude42b', '\ud83d', '\ude00'] })
  expect(deltas).toEqual([
    { type: 'text-delta', messageId: 'm1', position: 0, text: 'a' },
    { type: 'text-delta', messageId: 'm1', position: 1, text: '🙂b' },
    { type: 'text-delta', messageId: 'm1', position: 4, text: '😀' },
  ])
})

test('a lone surrogate is kept unchanged', async () => {
  const { deltas, facts } = await call({ lines: ['a\ud83d', { reasoning: 'x' }, 'b\ud83d'] })
  expect(deltas.map(({ text }) => text)).toEqual(['a', '\ud83d', 'x', 'b', '\ud83d'])
  expect(facts).toMatchObject([{ message: { text: 'a\ud83d' } }, { message: {} }, { message: { text: 'b\ud83d' } }, {}])
})

test('for any chunks, the deltas by position equal the message, and no delta splits a pair', async () => {
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

test('a stream that ends without a finish is a fault of the provider', async () => {
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

test('metadata belongs to its block; a block without text is kept for the provider, not for readers', async () => {
  const { facts } = await call({
    lines: [
      { type: 'metadata', of: 'reasoning', metadata: { anthropic: { redacted: 'xyz' } } },
      { reasoning: 'Hm.' },
      { type: 'metadata', of: 'reasoning', metadata: { anthropic: { signature: 'abc' } } },
      'Hi',
      { type: 'metadata', of: 'text', metadata: { openai: { itemId: 'msg_1' } } },
      ' again',
    ],
  })
  expect(facts).toMatchObject([
    { type: 'message-completed', message: { id: 'm2', type: 'reasoning', text: 'Hm.' } },
    { type: 'message-completed', message: { id: 'm3', type: 'bot', text: 'Hi' } },
    { type: 'message-completed', message: { id: 'm4', type: 'bot', text: ' again' } },
    {
      type: 'iteration-finished',
      parts: [
        { type: 'reasoning', messageId: null, metadata: { anthropic: { redacted: 'xyz' } } },
        { type: 'reasoning', messageId: 'm2', metadata: { anthropic: { signature: 'abc' } } },
        { type: 'text', messageId: 'm3', metadata: { openai: { itemId: 'msg_1' } } },
        { type: 'text', messageId: 'm4', metadata: null },
      ],
    },
  ])
})

test('reports usage as soon as the provider does', async () => {
  const early = { inputTokens: 7, cachedInputTokens: 0, outputTokens: 1, reasoningTokens: 0 }
  const { usages } = await call({ lines: ['Hi', { type: 'usage', usage: early }] })
  expect(usages).toMatchObject([early, { inputTokens: 10, outputTokens: 5 }])
})

test('calls follow the messages of the unit, each with its request as a message, except those of the caller', async () => {
  const { facts } = await call({
    lines: [
      'Let me see.',
      { call: 'known', arguments: { n: 1 } },
      { call: 'ours', id: 'again' },
      { call: 'known', arguments: { n: 2 }, id: 'again' },
    ],
  })
  expect(facts).toMatchObject([
    { type: 'message-completed', message: { id: 'm1', type: 'bot' } },
    {
      type: 'function-call-requested',
      call: { id: 'c1', name: 'known', arguments: { n: 1 }, answer: 'static', deadline: null },
      problem: null,
    },
    {
      type: 'message-completed',
      message: {
        type: 'activity',
        meta: { activity: { type: 'request', id: 'c1', function: { name: 'known', arguments: { n: 1 } } } },
      },
    },
    { type: 'function-call-requested', call: { id: 'c2', name: 'ours', answer: 'caller' }, providerCallId: 'again' },
    // The fourth of the run, which may have three.
    {
      type: 'function-call-requested',
      call: { id: 'c3' },
      providerCallId: 'again',
      problem: { code: 'LIMIT_EXCEEDED' },
    },
    { type: 'message-completed', message: { type: 'activity' } },
    { type: 'iteration-finished', usage: { calls: 3 } },
  ])
})

test.each([
  ['no JSON', 'known', '{"n": ', null, 'BAD_ARGUMENTS', 'The arguments are not JSON.'],
  ['not what the function takes', 'known', { n: 'one' }, { n: 'one' }, 'BAD_ARGUMENTS', 'arguments.n must be integer'],
  ['not even an object', 'known', '7', 7, 'BAD_ARGUMENTS', 'arguments must be object'],
  ['missing', 'known', '', {}, 'BAD_ARGUMENTS', "arguments must have required property 'n'"],
  ['of a function that there is not', 'unknown', { n: 1 }, { n: 1 }, 'NOT_FOUND', 'function not found'],
] as const)(
  'arguments that are %s: the call has a problem that the model will read',
  async (_what, name, given, read, code, message) => {
    const { facts } = await call({ lines: [{ call: name, arguments: given }] })
    expect(facts[0]).toMatchObject({ call: { name, arguments: read }, problem: { code, message } })
    expect(facts[1]).toMatchObject({ message: { type: 'activity' } })
  },
)

test('metadata of calls is kept in the order of the turn, together with that of the surrounding text', async () => {
  const { facts } = await call({
    lines: ['First.', { call: 'known', arguments: { n: 1 }, metadata: { openai: { itemId: 'fc' } } }, 'Then.'],
  })
  expect(facts.at(-1)).toMatchObject({
    parts: [
      { type: 'text', messageId: 'm1', metadata: null },
      { type: 'call', callId: 'c1', metadata: { openai: { itemId: 'fc' } } },
      { type: 'text', messageId: 'm2', metadata: null },
    ],
  })
})
