import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { News } from '../../src/kernel/news.ts'
import { watchLoop } from '../../src/telemetry/loop-delay.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('every stretch in which the process does nothing else is measured, until it is closed', () => {
  const news: News[] = []
  let now = 0
  const pass = (ms: number) => {
    now += ms
    vi.advanceTimersByTime(20)
  }
  const close = watchLoop({ tell: (each) => void news.push(each), now: () => now })
  pass(20)
  pass(20 + 3000)
  pass(19)
  expect(news).toEqual([0, 3000, 0].map((ms) => ({ type: 'loop-delayed', ms })))
  close()
  pass(20)
  expect(news).toHaveLength(3)
})
