import { inspect } from 'node:util'
import {
  APICallError,
  type LanguageModelV4,
  type LanguageModelV4CallOptions,
  type LanguageModelV4FinishReason,
  type LanguageModelV4StreamPart,
} from '@ai-sdk/provider'
import { expect, test } from 'vitest'
import { createAiSdkModel } from '../../../src/models/ai-sdk/model.ts'
import { type Model, ModelFault, type ModelPart, type PromptMessage } from '../../../src/models/model.ts'

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

function modelOf(doStream: LanguageModelV4['doStream']): Model {
  return createAiSdkModel({ name: 'test', model: languageModel(doStream) })
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
  return modelOf(async () => ({ stream: streamOf(parts) }))
}

const idle = new AbortController().signal

const hi: readonly PromptMessage[] = [{ role: 'user', text: 'Hi' }]

async function readInto(parts: ModelPart[], model: Model, signal = idle): Promise<void> {
  for await (const part of model.stream({ prompt: hi, signal })) parts.push(part)
}

async function partsOf(model: Model, signal = idle): Promise<readonly ModelPart[]> {
  const parts: ModelPart[] = []
  await readInto(parts, model, signal)
  return parts
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
] as const)('finish reason %s is told as %s', async (unified, told) => {
  expect(await partsOf(modelSaying(finish(unified)))).toMatchObject([{ type: 'finish', finish: told }])
})

test.each(['error', 'interrupted', 'other'] as const)(
  'finish reason %s is a fault, after what the call has used',
  async (unified) => {
    const parts: ModelPart[] = []
    await expect(readInto(parts, modelSaying(finish(unified)))).rejects.toMatchObject({
      kind: 'unavailable',
      message: 'The stream ended early.',
      isRetryable: true,
    })
    expect(parts).toEqual([
      { type: 'usage', usage: { inputTokens: 12, cachedInputTokens: 4, outputTokens: 7, reasoningTokens: 3 } },
    ])
  },
)

test('a stream that ends without a finish is a fault, after what it said', async () => {
  const parts: ModelPart[] = []
  const model = modelSaying({ type: 'text-delta', id: '1', delta: 'Hel' })
  await expect(readInto(parts, model)).rejects.toEqual(
    new ModelFault('unavailable', 'The stream ended early.', { isRetryable: true }),
  )
  expect(parts).toEqual([{ type: 'text', text: 'Hel' }])
})

test('what the provider throws, and what it puts into its stream as an error, are faults', async () => {
  const error = new APICallError({ message: 'no', url: 'https://api.test', requestBodyValues: {}, statusCode: 500 })
  const told = { kind: 'unavailable', message: 'no', isRetryable: true, cause: error }
  const thrown = partsOf(modelOf(() => Promise.reject(error)))
  await expect(thrown).rejects.toBeInstanceOf(ModelFault)
  await expect(thrown).rejects.toMatchObject(told)
  await expect(partsOf(modelSaying({ type: 'error', error }))).rejects.toMatchObject(told)
})

test('the key is in no fault', async () => {
  const error = new Error('Incorrect API key provided: sk-very-secret.')
  const model = createAiSdkModel({
    name: 'test',
    model: languageModel(() => Promise.reject(error)),
    secret: 'sk-very-secret',
  })
  const fault = await partsOf(model).catch((each: unknown) => each)
  expect(fault).toMatchObject({ message: 'Incorrect API key provided: ***.' })
  expect(inspect(fault)).not.toContain('secret')
})

test('a setting that the AI SDK leaves out of the request is refused by its name, others are not missed', async () => {
  const warnings = [
    { type: 'unsupported', feature: 'topK' },
    { type: 'compatibility', feature: 'seed' },
    { type: 'unsupported', feature: 'reasoning' },
  ] as const
  const model = languageModel(async () => ({
    stream: streamOf([{ type: 'stream-start', warnings: [...warnings] }, finish('stop')]),
  }))
  const insisting = (insisted: Record<string, string>) => partsOf(createAiSdkModel({ name: 'test', model, insisted }))
  await expect(insisting({ reasoning: 'reasoningEffort' })).rejects.toEqual(
    new ModelFault('rejected', 'This model cannot use the setting reasoningEffort, alone or beside the others.'),
  )
  expect(await insisting({ seed: 'seed', temperature: 'temperature' })).toMatchObject([{ type: 'finish' }])
})

test('tells what belongs to a block once, at its end, put together from all that was told', async () => {
  const model = modelSaying(
    { type: 'reasoning-start', id: 'r', providerMetadata: { a: { item: 1, key: null } } },
    { type: 'reasoning-delta', id: 'r', delta: 'Hm.' },
    { type: 'reasoning-delta', id: 'r', delta: '', providerMetadata: { b: { signature: 's' } } },
    { type: 'reasoning-end', id: 'r', providerMetadata: { a: { key: 'k' } } },
    { type: 'reasoning-start', id: 'w', providerMetadata: { a: { item: 2 } } },
    { type: 'reasoning-end', id: 'w' },
    { type: 'text-start', id: 'r', providerMetadata: { a: { item: 3 } } },
    { type: 'text-delta', id: 'r', delta: 'Hi' },
    { type: 'text-start', id: 'plain' },
    { type: 'text-end', id: 'plain' },
    finish('length'),
  )
  expect((await partsOf(model)).slice(0, -1)).toEqual([
    { type: 'reasoning', text: 'Hm.' },
    { type: 'metadata', of: 'reasoning', metadata: { a: { item: 1, key: 'k' }, b: { signature: 's' } } },
    { type: 'metadata', of: 'reasoning', metadata: { a: { item: 2 } } },
    { type: 'text', text: 'Hi' },
    // Its block was never ended: cut at the token limit.
    { type: 'metadata', of: 'text', metadata: { a: { item: 3 } } },
  ])
})

test('does not tell the id of a reasoning that OpenAI keeps to itself: nothing is behind it later', async () => {
  const kept = { openai: { itemId: 'rs_1', reasoningEncryptedContent: null } }
  const model = modelSaying(
    { type: 'reasoning-start', id: 'rs_1:0', providerMetadata: kept },
    { type: 'reasoning-end', id: 'rs_1:0', providerMetadata: kept },
    finish('stop'),
  )
  expect(await partsOf(model)).toMatchObject([{ type: 'finish' }])
})

test('a connection that breaks off is a fault with the error as its cause', async () => {
  const broken = new TypeError('terminated')
  const stream = new ReadableStream<LanguageModelV4StreamPart>({ start: (controller) => controller.error(broken) })
  const calling = partsOf(modelOf(async () => ({ stream })))
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
  const model = modelOf(async () => ({ stream }))
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
  const reading = partsOf(createAiSdkModel({ name: 'test', model: waiting }), abort.signal)
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
  await expect(partsOf(createAiSdkModel({ name: 'test', model: deaf }), abort.signal)).rejects.toBe('gone')
  expect(await cancelled.promise).toBe('gone')
})

test('does not call the provider when it is aborted already', async () => {
  const model = modelOf(() => Promise.reject(new Error('called')))
  await expect(partsOf(model, AbortSignal.abort('gone'))).rejects.toBe('gone')
})

test('a reader that leaves early cancels the provider’s stream', async () => {
  const cancelled = Promise.withResolvers<unknown>()
  const endless = new ReadableStream<LanguageModelV4StreamPart>({
    pull: (controller) => controller.enqueue({ type: 'text-delta', id: '1', delta: 'on and on ' }),
    cancel: cancelled.resolve,
  })
  const model = modelOf(async () => ({ stream: endless }))
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
  const model = createAiSdkModel({
    name: 'test:m/seed=3',
    model: recording,
    settings: { seed: 3, temperature: 0.2, maxOutputTokens: 50 },
  })
  await partsOf(model)
  expect(model.name).toBe('test:m/seed=3')
  const prompt = [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }]
  expect(asked).toEqual([{ seed: 3, temperature: 0.2, maxOutputTokens: 50, abortSignal: idle, prompt }])
})
