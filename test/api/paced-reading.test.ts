import { expect, test } from 'vitest'
import { pacedReading } from '../../src/api/paced-reading.ts'
import type { DispatchInput } from '../../src/conversation/input/dispatch-input.ts'
import type { AccountId } from '../../src/kernel/ids.ts'

test('what follows the reading of a large dispatch is a slice of its own', async () => {
  const passed: unknown[] = []
  const turns = { pass: (account: string, costMs?: number) => void passed.push([account, costMs]) as undefined }
  const read = pacedReading(async (_account, given) => given as DispatchInput, turns)
  await read('acme' as AccountId, { backstory: 'short' }, [])
  expect(passed).toEqual([])
  await read('acme' as AccountId, { backstory: 'x'.repeat(4_000_000) }, [])
  expect(passed).toEqual([['acme', expect.closeTo(20, 1)]])
})
