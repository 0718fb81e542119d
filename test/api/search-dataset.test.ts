import { expect, test } from 'vitest'
import { searchDataset } from '../../src/api/search-dataset.ts'
import { createDatasetSearch } from '../../src/extensions/dataset/search.ts'
import type { AccountId } from '../../src/kernel/ids.ts'
import type { Records } from '../../src/store/datasets.ts'

test('records with one text are found each as itself', async () => {
  const items = ['a', 'b', 'c'].map((id, place) => ({ id, text: 'Green tea', meta: null, place }))
  const records = { page: async () => ({ items, hasMore: false }) } as unknown as Records
  const search = async (
    _account: AccountId,
    all: typeof items | readonly { text: string; meta: null }[],
    query: string,
  ) => (await createDatasetSearch([{ name: '', records: all }])(query, { dataset: null, limit: null })).records
  const found = await searchDataset(records, search as never, {
    account: 'local' as AccountId,
    dataset: 'x',
    query: 'tea',
  })
  expect(found.map(({ record }) => record.id)).toEqual(['a', 'b', 'c'])
})
