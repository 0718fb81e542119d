import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startWire, user, wires } from './wire.ts'

test.each(wires)('%s is read as fast as it is listened to, and no faster', async (id, name) => {
  const wire = await startWire()
  const content = 'One word after another, '.repeat(2000)
  wire.pieceLength = 1000
  wire.mock.onMessage('Hi', { content }, { chunkSize: 100 })
  const { signal } = new AbortController()
  let text = ''
  let isFirst = true
  for await (const part of wire.open(id, name).stream({ prompt: [user('Hi')], signal })) {
    if (part.type !== 'text') continue
    text += part.text
    if (!isFirst) continue
    isFirst = false
    // Whoever reads ahead would have read all of it by now.
    for (let turn = 0; turn < 1000; turn++) await setImmediate()
    expect(wire.taken).toBeLessThan(20)
  }
  expect(text).toBe(content)
  expect(wire.taken).toBeGreaterThan(80)
})
