import { expect, test } from 'vitest'
import { atLength } from '../support/at-length.ts'
import { runFaults } from './run-faults.ts'

test('conversations survive a fleet that is killed, stopped and cut off at random (short version)', async () => {
  const report = await runFaults({ seed: 1, seconds: atLength(4, 12), width: 6, plan: 'everything' })
  expect(report.wrong).toEqual([])
  expect(report.runs).toBeGreaterThan(5)
  expect(Object.values(report.misfortunes).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(3)
}, 120_000)

test('conversations survive kills of the one process of the embedded engine, and each cursor of before (short version)', async () => {
  const kills = atLength(3, 30)
  // Until so many kills: how long a life is depends on the machine.
  const report = await runFaults({ seed: 2, seconds: 600, kills, width: 3, plan: 'embedded' })
  expect(report.wrong).toEqual([])
  expect(report.runs).toBeGreaterThan(2)
  expect(report.misfortunes['kill everything']).toBeGreaterThanOrEqual(kills)
}, 660_000)
