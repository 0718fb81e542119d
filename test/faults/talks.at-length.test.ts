import { expect, test } from 'vitest'
import { runFaults } from './run-faults.ts'

test('what is said in conversations is what the rules say, each message told to one model call first, each ending to its webhooks', async () => {
  const report = await runFaults({ seed: 3, seconds: 12, width: 2, plan: 'talks' })
  expect(report.wrong).toEqual([])
  expect(report.talks?.['conversations']).toBeGreaterThan(1)
  expect(report.talks?.['deliveries']).toBeGreaterThan(10)
}, 180_000)
