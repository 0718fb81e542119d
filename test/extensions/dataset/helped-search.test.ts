import { expect, test } from 'vitest'
import type { DatasetSpec } from '../../../src/conversation/dataset.ts'
import { createOpenSearch, searchWork } from '../../../src/extensions/dataset/helped-search.ts'
import { createKeptSearch, type DatasetPart } from '../../../src/extensions/dataset/kept-search.ts'
import { createDatasetSearch } from '../../../src/extensions/dataset/search.ts'
import { OutOfBudget } from '../../../src/kernel/helpers/budget.ts'

const all = { dataset: null, limit: null }
/** Two hundred records, of which the last one is about tea. */
const records = Array.from({ length: 200 }, (_, n) => {
  return { text: `Record ${n} ${'filler words '.repeat(200)}${n === 199 ? 'green tea' : ''}`, meta: null }
})
const large: readonly DatasetSpec[] = [
  { name: 'Empty', records: [] },
  { name: 'Shop', records },
]

function withHelper(kept = 10_000_000) {
  const search = createKeptSearch(kept)
  const asked: (readonly DatasetPart[])[] = []
  let keys = 0
  const open = createOpenSearch(
    (ask, { parts, signal = new AbortController().signal }) => {
      const sent = [...parts]
      asked.push(sent)
      return search(ask, sent, signal)
    },
    () => `key${keys++}`,
  )
  return { open, asked }
}

test('a large dataset is searched in the helper, with the same result; it is sent once, in parts', async () => {
  const { open, asked } = withHelper()
  const search = open('acme', large)
  const found = await search('green tea', all)
  expect(found).toEqual(await createDatasetSearch(large)('green tea', all))
  expect(await search('tea', { dataset: 'shop', limit: 1 })).toMatchObject({ records: [{ meta: null }] })
  const [first = [], second = [], third = []] = asked
  expect([first.length, second.length > 2, third.length]).toEqual([0, true, 0])
  await expect(search('tea', { dataset: 'other', limit: 1 })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
})

test('the indexes of two runs stay apart, and the one that was used least makes room', async () => {
  const { open, asked } = withHelper(1_000_000)
  const huge = Array.from({ length: 16 }, (_, n) => ({ text: `tea${n} ${'x '.repeat(10_000)}`, meta: null }))
  const [a, b] = [open('acme', [{ name: 'A', records: huge }]), open('globex', large)]
  expect((await a('tea3', all)).records).toHaveLength(1)
  expect((await b('tea3', all)).records).toHaveLength(0)
  await open('acme', [{ name: 'C', records: huge }])('tea3', all)
  const before = asked.length
  await b('green', all)
  expect(asked.length - before).toBe(1)
  await a('tea4', all)
  expect(asked.length - before).toBe(3)
})

test('a small dataset is searched at once', async () => {
  const { open, asked } = withHelper()
  const search = open('acme', [
    { name: 'Small', records: [{ text: 'x'.repeat(searchWork.small - 4).concat(' tea'), meta: null }] },
  ])
  expect((await search('tea', all)).records).toHaveLength(1)
  expect(asked).toEqual([])
})

test.each(['time', 'memory'] as const)(
  'words that take too much %s to index are an error for whoever searches',
  async (what) => {
    const search = createOpenSearch(
      () => Promise.reject(new OutOfBudget(what)),
      () => 'key',
    )
    await expect(search('acme', large)('tea', all)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: `These records cannot be searched: their words take too much ${what} to index.`,
    })
  },
)
