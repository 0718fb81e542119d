import type { LanguageModelV4, LanguageModelV4StreamPart } from '@ai-sdk/provider'
import { expect, test } from 'vitest'
import { createAiSdkModel } from '../../../src/models/ai-sdk/model.ts'
import { callWith } from '../provider/wire.ts'

type Part = LanguageModelV4StreamPart

const finish = (unified: 'stop' | 'tool-calls' | 'length' | 'interrupted'): Part => ({
  type: 'finish',
  finishReason: { unified, raw: undefined },
  usage: {
    inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 1, text: 1, reasoning: 0 },
  },
})

const calling = (toolCallId: string, input: string): Part => ({ type: 'tool-call', toolCallId, toolName: 'f', input })

/** Everything that the port tells of those parts: of calls the id, of the rest the words or the type. */
async function told(...parts: readonly Part[]) {
  const model: LanguageModelV4 = {
    specificationVersion: 'v4',
    provider: 'test',
    modelId: 'test',
    supportedUrls: {},
    doGenerate: () => Promise.reject(new Error('not asked for')),
    doStream: async () => ({ stream: streamOf(parts) }),
  }
  const said = await callWith(createAiSdkModel({ name: 'test', model }), { prompt: [] })
  return said.parts.map((part) => ('id' in part ? part.id : 'text' in part ? part.text : part.type))
}

function streamOf(parts: readonly Part[]): ReadableStream<Part> {
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part)
      controller.close()
    },
  })
}

const delta = (type: 'text-delta' | 'reasoning-delta', text: string): Part => ({ type, id: '1', delta: text })

test('a call is told in its place among the words', async () => {
  expect(
    await told(
      delta('reasoning-delta', 'Hm.'),
      { type: 'tool-input-start', id: 'a', toolName: 'f' },
      { type: 'tool-input-delta', id: 'a', delta: '{}' },
      { type: 'tool-input-end', id: 'a' },
      calling('a', '{}'),
      calling('b', '{}'),
      delta('reasoning-delta', 'And.'),
      calling('c', '{}'),
      finish('tool-calls'),
    ),
  ).toEqual(['Hm.', 'a', 'b', 'And.', 'c', 'finish'])
})

test('a call that nothing came behind is not told', async () => {
  const before = [delta('text-delta', 'Hm.'), calling('a', '{"x":1}'), delta('text-delta', 'And.')]
  expect(await told(...before, calling('b', '{"x":1}'))).toEqual(['Hm.', 'a', 'And.'])
  expect(await told(...before, calling('b', '{"x":1}'), finish('interrupted'))).toEqual(['Hm.', 'a', 'And.', 'usage'])
})

test('the end of a block and an empty word are nothing that comes behind', async () => {
  const end: Part = { type: 'text-end', id: '1' }
  expect(await told(calling('a', '{"x":1}'), end, delta('text-delta', ''), { type: 'ping' })).toEqual([])
})

test.each([
  ['{"x":1}', true],
  ['{"x":[1,{"y":"z"}]} ', true],
  ['{"x":1', false],
  ['', false],
  ['{}', false],
  ['1', false],
  ['null', false],
])('at a token limit, a last call with arguments %s is told: %s', async (input, isTold) => {
  expect(await told(calling('a', '{"x":'), calling('b', input), finish('length'))).toEqual(
    isTold ? ['a', 'b', 'finish'] : ['a', 'finish'],
  )
})

test('what the provider itself executed is not a call to answer', async () => {
  const executed: Part = { type: 'tool-call', toolCallId: 'p', toolName: 'search', input: '{}', providerExecuted: true }
  const result: Part = { type: 'tool-result', toolCallId: 'p', toolName: 'search', result: { hits: 1 } }
  expect(await told(executed, result, delta('text-delta', 'Found.'), finish('stop'))).toEqual(['Found.', 'finish'])
})
