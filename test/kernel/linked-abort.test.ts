import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { linkAborts } from '../../src/kernel/linked-abort.ts'

test('aborts with the first of its sources, for its reason', () => {
  const [first, second] = [new AbortController(), new AbortController()]
  const { signal } = linkAborts([first.signal, second.signal])
  expect(signal.aborted).toBe(false)
  second.abort('second')
  first.abort('first')
  expect(signal.reason).toBe('second')
})

test('is aborted from the start if a source is', () => {
  expect(linkAborts([AbortSignal.abort('before')]).signal.reason).toBe('before')
})

test('unsubscribes from its sources', () => {
  const source = new AbortController()
  const { signal, unlink } = linkAborts([source.signal])
  unlink()
  expect(getEventListeners(source.signal, 'abort')).toEqual([])
  source.abort()
  expect(signal.aborted).toBe(false)
})
