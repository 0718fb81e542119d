import {
  APICallError,
  type LanguageModelV4,
  type LanguageModelV4CallOptions,
  type LanguageModelV4FinishReason,
  type LanguageModelV4StreamPart,
} from '@ai-sdk/provider'
import { expect, test } from 'vitest'
import { createAiSdkModel } from '../../src/models/ai-sdk-model.ts'
import { type Model, ModelFault, type ModelPart, type PromptMessage } from '../../src/models/model.ts'

const usage = {
  inputTokens: { total: 12, noCache: 8, cacheRead: 4, cacheWrite: undefined },
  outputTokens: { total: 7, text: 4, reasoning: 3 },
}

function finish(unified: LanguageModelV4FinishReason['unified']): LanguageModelV4StreamPart {
  return { type: 'finish', finishReason: { unified, raw: undefined }, usage }
}

function languageModel(doStream: LanguageModelV4['doStream']): LanguageModelV4 {
  const doGenerate = () => Promise.reject(new Error('not asked for'))
  return { specificationVersion: 'v4', provider: 'test', modelId: 'test', supportedUrls: {}, doGenerate, doStream }
}

function streamOf(parts: readonly LanguageModelV4StreamPart[]): ReadableStream<LanguageModelV4StreamPart> {
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part)
      controller.close()
    },
  })
}

function modelSaying(...parts: readonly LanguageModelV4StreamPart[]): Model {
  return createAiSdkModel(
    'test',
    languageModel(async () => ({ stream: streamOf(parts) })),
    {},
  )
}

const idle = new AbortController().signal

const hi: readonly PromptMessage[] = [{ role: 'user', text: 'Hi' }]

async function partsOf(model: Model, signal = idle): Promise<readonly ModelPart[]> {
  const parts: ModelPart[] = []
  for await (const part of model.stream({ prompt: hi, signal })) parts.push(part)
  return parts
}

function apiCallError(statusCode: number | undefined): APICallError {
  const status = statusCode === undefined ? {} : { statusCode }
  return new APICallError({ message: 'no', url: 'https://api.test', requestBodyValues: {}, ...status })
}

test('tells text and reasoning in order, drops empty deltas and ends with the finish and its usage', async () => {
  const model = modelSaying(
    { type: 'stream-start', warnings: [] },
    { type: 'response-metadata', id: 'r1' },
    { type: 'reasoning-start', id: '0' },
    { type: 'reasoning-delta', id: '0', delta: 'Hm.' },
    { type: 'reasoning-delta', id: '0', delta: '' },
    { type: 'reasoning-end', id: '0' },
    { type: 'text-start', id: '1' },
    { type: 'text-delta', id: '1', delta: '' },
    { type: 'text-delta', id: '1', delta: 'Hello' },
    { type: 'ping' },
    { type: 'text-delta', id: '1', delta: ' 👋' },
    { type: 'text-end', id: '1' },
    finish('stop'),
  )
  expect(await partsOf(model)).toEqual([
    { type: 'reasoning', text: 'Hm.' },
    { type: 'text', text: 'Hello' },
    { type: 'text', text: ' 👋' },
    {
      type: 'finish',
      finish: 'stop',
      usage: { inputTokens: 12, cachedInputTokens: 4, outputTokens: 7, reasoningTokens: 3 },
    },
  ])
})

test('counts zero where the provider does not tell', async () => {
  const model = modelSaying({
    type: 'finish',
    finishReason: { unified: 'stop', raw: undefined },
    usage: {
      inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
      outputTokens: { total: undefined, text: undefined, reasoning: undefined },
    },
  })
  expect(await partsOf(model)).toEqual([
    {
      type: 'finish',
      finish: 'stop',
      usage: { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, reasoningTokens: 0 },
    },
  ])
})

test.each([
  ['stop', 'stop'],
  ['length', 'length'],
  ['content-filter', 'filtered'],
  ['tool-calls', 'stop'],
  ['other', 'stop'],
] as const)('finish reason %s is told as %s', async (unified, told) => {
  expect(await partsOf(modelSaying(finish(unified)))).toMatchObject([{ type: 'finish', finish: told }])
})

test.each([
  ['error', 'the model stopped because of an error'],
  ['interrupted', 'the stream ended early'],
] as const)('finish reason %s is a fault', async (unified, message) => {
  await expect(partsOf(modelSaying(finish(unified)))).rejects.toMatchObject({ kind: 'unavailable', message })
})

test('a stream that ends without a finish is a fault, after what it said', async () => {
  const parts: ModelPart[] = []
  const model = modelSaying({ type: 'text-delta', id: '1', delta: 'Hel' })
  const reading = (async () => {
    for await (const part of model.stream({ prompt: [], signal: idle })) parts.push(part)
  })()
  await expect(reading).rejects.toEqual(new ModelFault('unavailable', 'the stream ended early'))
  expect(parts).toEqual([{ type: 'text', text: 'Hel' }])
})

test.each([
  [400, 'rejected'],
  [401, 'rejected'],
  [404, 'rejected'],
  [408, 'unavailable'],
  [409, 'unavailable'],
  [422, 'rejected'],
  [429, 'unavailable'],
  [499, 'rejected'],
  [500, 'unavailable'],
  [529, 'unavailable'],
  [undefined, 'unavailable'],
] as const)('a call that the provider answers with %s is %s', async (statusCode, kind) => {
  const error = apiCallError(statusCode)
  const refusing = languageModel(() => Promise.reject(error))
  const calling = partsOf(createAiSdkModel('test', refusing, {}))
  await expect(calling).rejects.toBeInstanceOf(ModelFault)
  await expect(calling).rejects.toMatchObject({ kind, message: 'no', cause: error })
  await expect(partsOf(modelSaying({ type: 'error', error }))).rejects.toMatchObject({ kind, message: 'no' })
})

test.each([
  ['an Error', new Error('overloaded'), 'overloaded'],
  ['a message', 'overloaded', 'overloaded'],
  ['an object off the wire', { type: 'overloaded_error', message: 'overloaded' }, 'overloaded'],
  ['anything else', { code: 7 }, 'the provider reported an error'],
])('an error part that holds %s is a fault with its message', async (_, error, message) => {
  const calling = partsOf(modelSaying({ type: 'error', error }))
  await expect(calling).rejects.toBeInstanceOf(ModelFault)
  await expect(calling).rejects.toMatchObject({ kind: 'unavailable', message, cause: error })
})

test('a connection that breaks off is a fault with the error as its cause', async () => {
  const broken = new TypeError('terminated')
  const stream = new ReadableStream<LanguageModelV4StreamPart>({ start: (controller) => controller.error(broken) })
  const calling = partsOf(
    createAiSdkModel(
      'test',
      languageModel(async () => ({ stream })),
      {},
    ),
  )
  await expect(calling).rejects.toBeInstanceOf(ModelFault)
  await expect(calling).rejects.toMatchObject({ kind: 'unavailable', message: 'terminated', cause: broken })
})

test('aborting while a part is awaited ends the call with the reason and cancels the provider’s stream', async () => {
  const abort = new AbortController()
  const reason = new Error('not wanted any more')
  const cancelled = Promise.withResolvers<unknown>()
  const stream = new ReadableStream<LanguageModelV4StreamPart>({
    start: (controller) => controller.enqueue({ type: 'text-delta', id: '1', delta: 'Hel' }),
    cancel: cancelled.resolve,
  })
  const model = createAiSdkModel(
    'test',
    languageModel(async () => ({ stream })),
    {},
  )
  const parts = model.stream({ prompt: hi, signal: abort.signal })[Symbol.asyncIterator]()
  expect(await parts.next()).toEqual({ done: false, value: { type: 'text', text: 'Hel' } })
  const next = parts.next()
  abort.abort(reason)
  await expect(next).rejects.toBe(reason)
  expect(await cancelled.promise).toBe(reason)
})

test('aborting while the provider is being called ends the call with the reason', async () => {
  const abort = new AbortController()
  const reason = new Error('not wanted any more')
  const waiting = languageModel(({ abortSignal }) => {
    return new Promise((_, reject) => abortSignal?.addEventListener('abort', () => reject(new Error('fetch failed'))))
  })
  const reading = partsOf(createAiSdkModel('test', waiting, {}), abort.signal)
  abort.abort(reason)
  await expect(reading).rejects.toBe(reason)
})

test('aborting just as the stream opens ends the call, whether or not the provider noticed', async () => {
  const abort = new AbortController()
  const cancelled = Promise.withResolvers<unknown>()
  const silent = new ReadableStream<LanguageModelV4StreamPart>({ cancel: cancelled.resolve })
  const deaf = languageModel(async () => {
    abort.abort('gone')
    return { stream: silent }
  })
  await expect(partsOf(createAiSdkModel('test', deaf, {}), abort.signal)).rejects.toBe('gone')
  expect(await cancelled.promise).toBe('gone')
})

test('does not call the provider when it is aborted already', async () => {
  const model = createAiSdkModel(
    'test',
    languageModel(() => Promise.reject(new Error('called'))),
    {},
  )
  await expect(partsOf(model, AbortSignal.abort('gone'))).rejects.toBe('gone')
})

test('a reader that leaves early cancels the provider’s stream', async () => {
  const cancelled = Promise.withResolvers<unknown>()
  const endless = new ReadableStream<LanguageModelV4StreamPart>({
    pull: (controller) => controller.enqueue({ type: 'text-delta', id: '1', delta: 'on and on ' }),
    cancel: cancelled.resolve,
  })
  const model = createAiSdkModel(
    'test',
    languageModel(async () => ({ stream: endless })),
    {},
  )
  for await (const part of model.stream({ prompt: [], signal: idle })) {
    expect(part).toEqual({ type: 'text', text: 'on and on ' })
    break
  }
  await cancelled.promise
})

test('passes the prompt, the settings and the signal on', async () => {
  const asked: LanguageModelV4CallOptions[] = []
  const recording = languageModel(async (options) => {
    asked.push(options)
    return { stream: streamOf([finish('stop')]) }
  })
  const model = createAiSdkModel('test:m/seed=3', recording, { seed: 3, temperature: 0.2, maxOutputTokens: 50 })
  await partsOf(model)
  expect(model.name).toBe('test:m/seed=3')
  const prompt = [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }]
  expect(asked).toEqual([{ seed: 3, temperature: 0.2, maxOutputTokens: 50, abortSignal: idle, prompt }])
})
