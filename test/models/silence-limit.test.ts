import { expect, test } from 'vitest'
import { type Model, type ModelCall, ModelFault, type ModelPart } from '../../src/models/model.ts'
import { createSilenceLimit } from '../../src/models/silence-limit.ts'
import { createManualTime, settled } from './manual-time.ts'

const word: ModelPart = { type: 'text', text: 'word' }
const tools = [{ name: 'f', description: '', parameters: { type: 'object' } }]

/** A model that says a part when it is told to, and notices when its call is aborted. */
function startLimited(silenceMs = 9000) {
  const time = createManualTime()
  const turns = [Promise.withResolvers<ModelPart | null>()]
  let asked: AbortSignal | null = null
  let call: ModelCall | null = null
  let isLeft = false
  const model: Model = {
    name: 'm',
    async *stream(given) {
      const { signal } = given
      asked = signal
      call = given
      const aborted = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')))
      })
      aborted.catch(() => undefined)
      try {
        for (;;) {
          const part = await Promise.race([turns.at(-1)?.promise, aborted])
          if (!part) return
          turns.push(Promise.withResolvers())
          yield part
        }
      } finally {
        isLeft = true
      }
    },
  }
  const abort = new AbortController()
  let signs = 0
  const onProgress = () => {
    signs += 1
  }
  const limited = createSilenceLimit({ silenceMs, ...time })(model)
  const parts = limited
    .stream({ prompt: [], tools, forced: 'f', onProgress, signal: abort.signal })
    [Symbol.asyncIterator]()
  return {
    time,
    abort,
    name: limited.name,
    next: () => parts.next(),
    leave: () => parts.return?.(),
    say: (part: ModelPart | null) => turns.at(-1)?.resolve(part),
    asked: () => asked,
    call: (): ModelCall | null => call,
    signs: () => signs,
    isLeft: () => isLeft,
  }
}

const fault = new ModelFault('unavailable', 'The model said nothing for 9 s.', { isRetryable: true })

test('a model that is silent for the limit is given up with a retryable fault', async () => {
  const { time, next, asked, name } = startLimited()
  expect(name).toBe('m')
  const first = next()
  await time.pass(8999)
  expect(asked()?.aborted).toBe(false)
  await Promise.all([expect(first).rejects.toEqual(fault), time.pass(1)])
  expect(asked()?.aborted).toBe(true)
  expect(time.sleepers.size).toBe(0)
})

test('the time starts again with every part', async () => {
  const { time, next, say, asked } = startLimited()
  for (let round = 0; round < 3; round += 1) {
    const part = next()
    await time.pass(8999)
    say(word)
    expect(await part).toEqual({ done: false, value: word })
  }
  const last = next()
  await time.pass(8999)
  expect(asked()?.aborted).toBe(false)
  await Promise.all([expect(last).rejects.toEqual(fault), time.pass(1)])
})

test('the time starts anew with every piece of a call, and whoever asked is told of it', async () => {
  const { time, next, asked, call, signs } = startLimited()
  const first = next()
  for (let round = 1; round <= 3; round += 1) {
    await time.pass(8999)
    call()?.onProgress?.()
    expect([asked()?.aborted, signs()]).toEqual([false, round])
  }
  await time.pass(8999)
  expect(asked()?.aborted).toBe(false)
  await Promise.all([expect(first).rejects.toEqual(fault), time.pass(1)])
})

test('the model is asked for what the limit was asked for', async () => {
  const { next, call, leave, say } = startLimited()
  const first = next()
  say(word)
  await first
  expect(call()).toMatchObject({ prompt: [], tools, forced: 'f' })
  await leave()
})

test('the time that the reader takes does not count', async () => {
  const { time, next, say, asked } = startLimited()
  const first = next()
  say(word)
  await first
  await time.pass(1_000_000)
  const second = next()
  await time.pass(8999)
  expect(asked()?.aborted).toBe(false)
  say(word)
  expect(await second).toEqual({ done: false, value: word })
})

test('there is one timer per call, whatever the number of parts, and none after its end', async () => {
  const { time, next, say } = startLimited()
  for (let round = 0; round < 100; round += 1) {
    const part = next()
    say(word)
    await part
    expect(time.sleepers.size).toBe(1)
  }
  const end = next()
  say(null)
  expect(await end).toEqual({ done: true, value: undefined })
  expect(time.sleepers.size).toBe(0)
})

test('a reader that leaves ends the call and its timer', async () => {
  const { time, next, say, leave, isLeft } = startLimited()
  const first = next()
  say(word)
  await first
  await leave()
  await settled()
  expect([isLeft(), time.sleepers.size]).toEqual([true, 0])
})

test('whoever aborts the call gets the call’s own error, silence or not', async () => {
  const { time, next, abort } = startLimited()
  const first = next()
  await settled()
  abort.abort(new Error('not wanted any more'))
  await Promise.all([expect(first).rejects.toThrow('aborted'), time.pass(9000)])
  expect(time.sleepers.size).toBe(0)
})
