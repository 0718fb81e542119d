import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { missedTargets, type Target } from '../../bench/report/check.ts'
import type { Figure } from '../../bench/report/figure.ts'

const figure = (better: Figure['better'], ours: readonly number[], naive: readonly number[]): Figure => ({
  name: 'speed',
  unit: 'x',
  better,
  values: { ours, naive, floor: [] },
})
const missed = (figures: readonly Figure[], ratio: number, noise = 0.1) =>
  missedTargets(figures, [{ figure: 'speed', ratio, noise }])

test.each([
  ['more', 100, []],
  ['more', 90, []],
  ['more', 89, ['speed: 0.89 × naive; wanted ≥ 1, with the noise ≥ 0.90.']],
  ['more', 500, []],
  ['less', 100, []],
  ['less', 110, []],
  ['less', 111, ['speed: 1.11 × naive; wanted ≤ 1, with the noise ≤ 1.10.']],
  ['less', 5, []],
] as const)('where %s is better, %i against 100 with a noise of a tenth: %j', (better, ours, expected) => {
  expect(missed([figure(better, [ours], [100])], 1)).toEqual(expected)
})

test('the medians are compared, not the best or the worst round', () => {
  expect(missed([figure('less', [300, 100, 1], [100, 1, 500])], 1, 0)).toEqual([])
  expect(missed([figure('less', [300, 101, 1], [100, 1, 500])], 1, 0)).toHaveLength(1)
})

test('a figure that the run lacks, or that naive lacks, is missed', () => {
  const none = ['speed: there is no ratio in this run.']
  expect(missed([], 1)).toEqual(none)
  expect(missed([figure('more', [100], [])], 1)).toEqual(none)
  expect(missed([figure('more', [], [100])], 1)).toEqual(none)
  expect(missed([figure('more', [100], [0])], 1)).toEqual(none)
})

test('every row of bench/targets.json names another figure, and has a ratio and a noise', () => {
  const targets = JSON.parse(readFileSync('bench/targets.json', 'utf8')) as readonly Target[]
  expect(new Set(targets.map((target) => target.figure)).size).toBe(targets.length)
  for (const { figure, ratio, noise } of targets) {
    expect(ratio, figure).toBeGreaterThan(0)
    expect(noise, figure).toBeGreaterThan(0)
    expect(noise, figure).toBeLessThan(0.6)
  }
})
