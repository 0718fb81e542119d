import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { frameResponse } from '../../../src/api/facade/frame-response.ts'

test('a frame that becomes much text is written as its client takes it, and whole', async () => {
  const pieces = 1000
  const piece = 'x'.repeat(1023)
  let written = 0
  function* write(frame: string): Generator<string, void> {
    for (let n = 0; n < pieces; n++) {
      written += 1
      yield `${frame}${piece}`
    }
  }
  async function* batches(): AsyncGenerator<readonly string[], void> {
    yield ['a', 'b']
    yield ['c']
  }
  const response = await frameResponse(
    { batches: batches(), stop: () => {}, turn: () => undefined },
    { outgoing: new EventEmitter() as ServerResponse, write, beat: '', heartbeatMs: 60_000 },
  )
  const reader = response.body?.getReader()
  const first = await reader?.read()
  expect(first?.value?.byteLength).toBeLessThan(70_000)
  expect(written).toBeLessThan(70)
  let text = Buffer.from(first?.value ?? []).toString()
  for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
    text += Buffer.from(read.value).toString()
  }
  expect(text.replaceAll('x', '')).toBe('a'.repeat(pieces) + 'b'.repeat(pieces) + 'c'.repeat(pieces))
})

test('each part of much text but the first is made in a turn of the event loop', async () => {
  const piece = 'x'.repeat(1024)
  let written = 0
  function* write(): Generator<string, void> {
    for (; written < 100; written++) yield piece
  }
  async function* batches(): AsyncGenerator<readonly string[], void> {
    yield ['a']
    yield ['b']
  }
  const turns: (() => void)[] = []
  const turn = () => new Promise<void>((resolve) => turns.push(resolve))
  const response = await frameResponse(
    { batches: batches(), stop: () => {}, turn },
    { outgoing: new EventEmitter() as ServerResponse, write, beat: '', heartbeatMs: 60_000 },
  )
  const text = response.text()
  const made: number[] = []
  for (let n = 1; n <= 3; n++) {
    await expect.poll(() => turns.length).toBe(n)
    made.push(written)
    turns.at(-1)?.()
  }
  expect((await text).length).toBe(100 * 1024)
  expect(made).toEqual([31, 63, 95])
})
