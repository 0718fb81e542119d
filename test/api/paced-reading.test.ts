import { expect, test } from 'vitest'
import { pacedDatasets, pacedReading } from '../../src/api/paced-reading.ts'
import type { DispatchInput } from '../../src/conversation/input/dispatch-input.ts'
import type { AccountId } from '../../src/kernel/ids.ts'
import type { Datasets } from '../../src/store/datasets.ts'

test('what follows the reading of a large dispatch is a slice of its own', async () => {
  const passed: unknown[] = []
  const turns = { pass: (account: string, costMs?: number) => void passed.push([account, costMs]) as undefined }
  const read = pacedReading(async (_account, given) => given as DispatchInput, turns)
  await read('acme' as AccountId, { backstory: 'short' }, [])
  expect(passed).toEqual([])
  await read('acme' as AccountId, { backstory: 'x'.repeat(4_000_000) }, [])
  expect(passed).toEqual([['acme', expect.closeTo(20, 1)]])
})

test('many records are written in another slice than they were read', async () => {
  const done: unknown[] = []
  const turns = { pass: async (account: string, costMs?: number) => void done.push([account, costMs]) }
  const written = async (...args: readonly unknown[]) => done.push(args.at(1))
  const datasets = pacedDatasets({ create: written, update: written } as unknown as Datasets, turns)
  const account = 'acme' as AccountId
  const [few, many] = [1, 1000].map((count) => ({
    name: 'Shops',
    description: null,
    records: Array.from({ length: count }, () => ({ text: 'x'.repeat(4000), meta: null })),
  }))
  if (few === undefined || many === undefined) throw new Error('there are two')
  await datasets.create(account, few)
  await datasets.create(account, many)
  await datasets.update(account, 'dataset_1', many)
  const turn = ['acme', expect.closeTo(20, 0)]
  expect(done).toEqual([few, turn, many, turn, 'dataset_1'])
})
