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
    { batches: batches(), stop: () => {} },
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
