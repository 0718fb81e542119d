import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { News } from '../../src/kernel/news.ts'
import { watchLoop } from '../../src/telemetry/loop-delay.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('every stretch in which the loop does not turn is measured, and how much of it the process worked, until it is closed', () => {
  const news: News[] = []
  let [now, busy] = [0, 0]
  const pass = (ms: number, busyMs = 0) => {
    now += ms
    busy += busyMs
    vi.advanceTimersByTime(20)
  }
  const close = watchLoop({ tell: (each) => void news.push(each), now: () => now, busy: () => busy })
  pass(20, 5)
  pass(20 + 3000, 400)
  pass(20 + 3000, 3010)
  pass(19, 19)
  const seen = [
    [0, 0],
    [3000, 400],
    [3000, 3000],
    [0, 0],
  ]
  expect(news).toEqual(seen.map(([ms, busyMs]) => ({ type: 'loop-delayed', ms, busyMs })))
  close()
  pass(20)
  expect(news).toHaveLength(4)
})
