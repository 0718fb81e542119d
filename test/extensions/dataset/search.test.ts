import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, test } from 'vitest'
import { createDatasetSearch, type SearchOptions } from '../../../src/extensions/dataset/search.ts'

function searchIn(...datasets: readonly { name: string; texts: readonly string[] }[]) {
  const search = createDatasetSearch(
    datasets.map(({ name, texts }) => ({ name, records: texts.map((text) => ({ text, meta: null })) })),
  )
  return async (query: string, options: Partial<SearchOptions> = {}) => {
    const { records } = await search(query, { dataset: null, limit: null, ...options })
    return records.map(({ text }) => text)
  }
}

const drinks = { name: 'Drinks', texts: ['Green tea from Japan', 'Coffee from Peru', 'Teapots and cups'] }
const towns = { name: 'Towns', texts: ['Lima is the capital of Peru', '東京都庁は新宿にあります', 'Orléans, France'] }

describe('finds', () => {
  it.each([
    ['tea', ['Green tea from Japan']],
    ['Where is the coffee from?', ['Coffee from Peru']],
    ['teapot', ['Teapots and cups']],
    ['cofee', ['Coffee from Peru']],
    ['orleans', ['Orléans, France']],
    ['都庁', ['東京都庁は新宿にあります']],
    ['新', ['東京都庁は新宿にあります']],
    ['whisky', []],
  ])('for %j %j', async (query, texts) => {
    expect(await searchIn(drinks, towns)(query)).toEqual(texts)
  })

  test('records with more of the words first', async () => {
    expect(await searchIn(drinks, towns)('capital Peru')).toEqual(['Lima is the capital of Peru', 'Coffee from Peru'])
  })

  test('a record by its meta, and returns the meta', async () => {
    const records = [
      { text: 'It opens at nine.', meta: { page: { title: 'Opening hours' } } },
      { text: 'It costs nine.', meta: null },
    ]
    const search = createDatasetSearch([{ name: 'Shop', records }])
    expect(await search('hours', { dataset: null, limit: null })).toEqual({
      records: [{ text: 'It opens at nine.', meta: { page: { title: 'Opening hours' } }, score: expect.any(Number) }],
    })
  })
})

test('stops indexing when nobody waits', async () => {
  const signal = AbortSignal.abort()
  const long = { name: 'Long', records: [{ text: 'word '.repeat(100_000), meta: null }] }
  const search = createDatasetSearch([long])
  await expect(search('word', { dataset: null, limit: null, signal })).rejects.toThrow('aborted')
  expect((await search('word', { dataset: null, limit: 1 })).records).toHaveLength(1)
})

describe('searches', () => {
  it.each([
    [0, ['Coffee from Peru']],
    [1, ['Lima is the capital of Peru']],
    ['Towns', ['Lima is the capital of Peru']],
    [' towns ', ['Lima is the capital of Peru']],
    ['', ['Coffee from Peru', 'Lima is the capital of Peru']],
    [null, ['Coffee from Peru', 'Lima is the capital of Peru']],
  ])('the dataset %j alone', async (dataset, texts) => {
    expect((await searchIn(drinks, towns)('Peru', { dataset })).toSorted()).toEqual(texts)
  })

  test('a dataset whose name is a number that is not an index', async () => {
    expect(await searchIn(drinks, { ...towns, name: '2026' })('Peru', { dataset: 2026 })).toEqual([
      'Lima is the capital of Peru',
    ])
  })
})

describe('refuses', () => {
  it.each([
    ['tea', 'Food', 'There is no dataset "Food" here; there are "Drinks", "Towns".'],
    ['tea', 2, 'There is no dataset 2 here; there are "Drinks", "Towns".'],
    ['?', null, 'The search needs words to look for.'],
  ])('%j in %j', async (query, dataset, message) => {
    await expect(searchIn(drinks, towns)(query, { dataset })).rejects.toMatchObject({ code: 'BAD_USER_INPUT', message })
  })

  test('to search nothing', async () => {
    await expect(searchIn()('tea')).rejects.toThrow('There is no dataset here to search.')
  })
})

describe('an answer is bounded', () => {
  const many = { name: 'Many', texts: Array.from({ length: 50 }, (_, index) => `tea number ${index}`) }

  it.each([
    [null, 8],
    [3, 3],
    [0, 1],
    [1000, 20],
  ])('limit %j gives %d passages', async (limit, count) => {
    expect(await searchIn(many)('tea', { limit })).toHaveLength(count)
  })

  test('to 12,000 characters as JSON', async () => {
    const search = createDatasetSearch([
      { name: 'Long', records: many.texts.map((text) => ({ text: `${text} ${'"'.repeat(480)}`, meta: null })) },
    ])
    const answer = await search('tea', { dataset: null, limit: 20 })
    expect(answer.records).toHaveLength(11)
    expect(JSON.stringify(answer).length).toBeLessThanOrEqual(12_100)
  })

  test('a meta of more than 2000 characters is left out', async () => {
    const search = createDatasetSearch([{ name: 'x', records: [{ text: 'tea', meta: { raw: 'x'.repeat(2000) } }] }])
    const { records } = await search('tea', { dataset: null, limit: null })
    expect(records).toEqual([{ text: 'tea', meta: null, score: expect.any(Number) }])
  })
})

/** The types of Node with their documentation, which is that of Node itself: prose and code, as one record. */
function nodeDocumentation(): string {
  const folder = fileURLToPath(new URL('../../../node_modules/@types/node/', import.meta.url))
  const files = globSync('**/*.d.ts', { cwd: folder }).sort()
  return files.map((file) => readFileSync(`${folder}/${file}`, 'utf8')).join('\n\n')
}

describe('in a real text of more than a megabyte', () => {
  const text = nodeDocumentation()
  const search = createDatasetSearch([{ name: 'Node', records: [{ text, meta: { title: 'Node' } }] }])

  test('that it is one', () => {
    expect(text.length).toBeGreaterThan(1_000_000)
  })

  it.each([
    ['What is the largest delay that setTimeout takes?', 'larger than `2147483647`'],
    ['how many iterations should pbkdf2 have', '`iterations` argument must be a number set as high as possible'],
    ['which encoding is URL safe: Buffer base64url', "'base64url'"],
    ['compare two secrets in constant time', 'constant-time'],
    ['does a lookup of a name always use the DNS protocol?', 'it does not always use the'],
    ['Which signals cannot be handled: SIGKILL SIGSTOP', 'SIGKILL'],
    ['fail when the destination of a copied file exists', 'COPYFILE_EXCL'],
    ['histogram of event loop delays', 'monitorEventLoopDelay'],
    ['compresion quality of brotli', 'BROTLI_PARAM_QUALITY'],
    ['keep a worker thread from exiting: ref, unref', 'unref()'],
  ])('answers %j with a passage about %j', async (query, part) => {
    const { records } = await search(query, { dataset: 0, limit: 3 })
    expect(records.map((record) => record.text)).toContainEqual(expect.stringContaining(part))
    for (const record of records) expect(record.text.length).toBeLessThanOrEqual(1000)
  })

  test('lets other work run while it is indexed', async () => {
    const fresh = createDatasetSearch([{ name: 'Node', records: [{ text, meta: null }] }])
    let turns = 0
    let isDone = false
    const count = () => {
      turns += 1
      if (!isDone) setImmediate(count)
    }
    setImmediate(count)
    await fresh('tea', { dataset: null, limit: null })
    isDone = true
    expect(turns).toBeGreaterThan(50)
  })
})
