import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { repeat } from '../../src/kernel/repeat.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('it is done at each interval, but not while it is still under way', async () => {
  let begun = 0
  const under = Promise.withResolvers<void>()
  const act = async () => {
    begun += 1
    if (begun === 2) await under.promise
  }
  const end = repeat(act, { intervalMs: 100, onError: () => {} })
  await vi.advanceTimersByTimeAsync(450)
  expect(begun).toBe(2)
  under.resolve()
  await vi.advanceTimersByTimeAsync(100)
  expect(begun).toBe(3)
  await end()
  await vi.advanceTimersByTimeAsync(1000)
  expect(begun).toBe(3)
})

test('a failure is told, and the next interval tries again', async () => {
  const errors: unknown[] = []
  let begun = 0
  const act = async () => {
    begun += 1
    throw begun
  }
  const end = repeat(act, { intervalMs: 100, onError: (error) => errors.push(error) })
  await vi.advanceTimersByTimeAsync(250)
  expect(errors).toEqual([1, 2])
  await end()
})

test('its end waits for what is under way', async () => {
  const under = Promise.withResolvers<void>()
  const order: string[] = []
  const end = repeat(() => under.promise.then(() => void order.push('done')), { intervalMs: 100, onError: () => {} })
  await vi.advanceTimersByTimeAsync(100)
  const ended = end().then(() => order.push('ended'))
  under.resolve()
  await ended
  expect(order).toEqual(['done', 'ended'])
})
