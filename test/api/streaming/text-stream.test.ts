import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { textStream } from '../../../src/api/streaming/text-stream.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const decoder = new TextDecoder()

/** A source that says what it is told, when it is told. */
function openSource() {
  const { promise, resolve } = Promise.withResolvers<string>()
  const onCancel = vi.fn(() => resolve(''))
  async function* texts() {
    yield 'a'
    const text = await promise
    if (text !== '') yield text
  }
  const reader = textStream(texts(), { first: 'first', beat: 'beat', beatMs: 15_000, onCancel }).getReader()
  const read = async () => {
    const { done, value } = await reader.read()
    return done ? null : decoder.decode(value)
  }
  return { say: resolve, onCancel, reader, read }
}

test('writes its first text at once, each text as a chunk, and a heartbeat after each silence', async () => {
  const { read, say } = openSource()
  expect([await read(), await read()]).toEqual(['first', 'a'])
  for (let beats = 0; beats < 25; beats += 1) {
    const next = read()
    await vi.advanceTimersByTimeAsync(14_999)
    const isSilent = await Promise.race([next.then(() => false), Promise.resolve(true)])
    expect(isSilent).toBe(true)
    await vi.advanceTimersByTimeAsync(1)
    expect(await next).toBe('beat')
  }
  say('b')
  expect([await read(), await read()]).toEqual(['b', null])
  expect(vi.getTimerCount()).toBe(0)
})

test('ends its source at once when its reader leaves, even while a text is awaited', async () => {
  const { reader, read, onCancel } = openSource()
  expect([await read(), await read()]).toEqual(['first', 'a'])
  const waiting = read()
  await reader.cancel()
  await waiting
  expect(onCancel).toHaveBeenCalledTimes(1)
  expect(vi.getTimerCount()).toBe(0)
})

test('is not pulled before its reader is', async () => {
  let asked = 0
  async function* texts() {
    asked += 1
    yield 'a'
  }
  textStream(texts(), { beat: '', beatMs: 1000, onCancel: () => {} })
  await vi.advanceTimersByTimeAsync(0)
  expect(asked).toBe(0)
})
