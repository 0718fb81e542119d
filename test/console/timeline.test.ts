import { expect, test } from 'vitest'
import { type Bar, placeBars, ticksOf } from '../../console/src/log/timeline.ts'

const bar = (from: number, to: number | null): Bar => ({ lane: 'Calls', label: `${from}`, from, to, tone: 'plain' })

test('bars that overlap stand below each other, and a row is used again once it is free', () => {
  const { placed, rows } = placeBars([bar(0, 50), bar(10, 20), bar(20, 100), bar(60, null)], 'Calls', {
    from: 0,
    to: 100,
  })
  expect(rows).toBe(2)
  expect(placed.map(({ left, width, row }) => [left, width, row])).toEqual([
    [0, 0.5, 0],
    [0.1, 0.1, 1],
    [0.2, 0.8, 1],
    [0.6, 0.4, 0],
  ])
})

test('of thousands of bars those that cannot be told apart are one', () => {
  const many = Array.from({ length: 3_000 }, (_, index) => bar(index * 10, index * 10 + 9))
  const { placed, rows } = placeBars([...many, bar(30_000, 60_000)], 'Calls', { from: 0, to: 60_000 })
  expect(rows).toBe(1)
  expect(placed.length).toBe(151)
  expect(placed[0]?.bar).toMatchObject({ label: '20 in a row, from 0', from: 0, to: 199 })
  expect(placed.at(-1)?.bar).toMatchObject({ label: '30000', to: 60_000 })
})

test.each([
  [8, [0, 1, 2, 3, 4, 5, 6, 7, 8]],
  [2_400, [0, 500, 1_000, 1_500, 2_000]],
  [600_000, [0, 120_000, 240_000, 360_000, 480_000, 600_000]],
])('%s ms have their marks at round times', (length, ticks) => {
  expect(ticksOf(length)).toEqual(ticks)
})

test('a month has few marks', () => {
  expect(ticksOf(30 * 86_400_000).length).toBeLessThan(10)
})
