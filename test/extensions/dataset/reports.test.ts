import { describe, expect, it, test } from 'vitest'
import { createDatasetSearch } from '../../../src/extensions/dataset/search.ts'
import { alphabets } from './reports/found-alphabets.ts'
import { codes } from './reports/found-codes.ts'
import { languages, type Row } from './reports/found-languages.ts'
import { rankings } from './reports/ranked.ts'

async function found(texts: readonly string[], query: string): Promise<readonly string[]> {
  const search = createDatasetSearch([{ name: 'Reports', records: texts.map((text) => ({ text, meta: null })) }])
  const { records } = await search(query, { dataset: null, limit: 20 })
  return records.map(({ text }) => text)
}

const groups: Readonly<Record<string, readonly Row[]>> = { ...languages, ...alphabets, codes }

describe.each(Object.entries(groups))('%s', (_language, rows) => {
  it.each(rows)('finds in spite of %s: %s', async (_why, query, record) => {
    const all = await found(
      rows.map((row) => row[2]),
      query,
    )
    expect(all[0]).toBe(record)
  })
})

describe('ranks', () => {
  it.each(rankings)('$query first, in spite of $why', async ({ query, first, below = [], never = [] }) => {
    // The first in the order of the records too, so that only a higher score puts the wanted one before them.
    const all = await found([...below, ...never, first], query)
    expect(all[0]).toBe(first)
    expect(all.filter((text) => never.includes(text))).toEqual([])
  })
})

test('one dataset of all languages has them too', async () => {
  const rows = Object.values(groups).flat()
  const records = rows.map(([, , text]) => ({ text, meta: null }))
  const search = createDatasetSearch([{ name: 'All', records }])
  const missed = []
  for (const [, query, record] of rows) {
    const answer = await search(query, { dataset: null, limit: null })
    if (!answer.records.some(({ text }) => text === record)) missed.push(query)
  }
  // Three languages of an alphabet have stemmers in one dataset; irregular endings of the others are not found.
  expect(missed).toEqual(['Bücher', 'facturen', 'pembayaran'])
})

test('the table has 60 pairs in 20 languages, and 20 rankings', () => {
  expect(Object.values(groups).flat().length).toBeGreaterThanOrEqual(60)
  expect(Object.keys(groups).length).toBeGreaterThan(20)
  expect(rankings.length).toBeGreaterThanOrEqual(20)
})
