import { expect, test } from 'vitest'
import { atLength } from '../support/at-length.ts'
import { runFaults, totalOf } from './run-faults.ts'

test('conversations survive a fleet that is killed, stopped and cut off at random (short version)', async () => {
  // Until so many: what a process does in a second depends on the machine.
  const misfortunes = atLength(4, 20)
  const report = await runFaults({ seed: 1, seconds: 600, misfortunes, width: 6, plan: 'everything' })
  expect(report.wrong).toEqual([])
  expect(report.runs).toBeGreaterThan(5)
  expect(totalOf(report.misfortunes)).toBeGreaterThanOrEqual(misfortunes)
}, 660_000)

test('conversations survive kills of the one process of the embedded engine, and each cursor of before (short version)', async () => {
  const kills = atLength(2, 30)
  // Until so many kills: how long a life is depends on the machine.
  const report = await runFaults({ seed: 2, seconds: 600, kills, width: 3, plan: 'embedded' })
  expect(report.wrong).toEqual([])
  expect(report.runs).toBeGreaterThan(1)
  expect(report.misfortunes['kill everything']).toBeGreaterThanOrEqual(kills)
}, 660_000)
