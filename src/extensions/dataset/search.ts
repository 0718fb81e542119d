import { setImmediate as nextTurn } from 'node:timers/promises'
import MiniSearch from 'minisearch'
import type { DatasetRecord, DatasetSpec } from '../../conversation/dataset.ts'
import { Failure } from '../../kernel/errors.ts'
import { stringifyJson } from '../../kernel/json.ts'
import { type Passage, passagesOf } from './passages.ts'
import { isStem, slipsIn, tellingWords, termsOf, wordsOf } from './terms.ts'

export interface SearchOptions {
  /** The index of a dataset in the run's list, or its name in any case. Null: all datasets. */
  readonly dataset: string | number | null
  /** The number of passages, 1 to 20. Null: 8. */
  readonly limit: number | null
  /** Aborts building an index, because nobody waits for the result any more. */
  readonly signal?: AbortSignal
}

export interface SearchResult {
  /** Best match first. `text` is a passage of the record or all of it. Scores are comparable within one result only. */
  readonly records: readonly { readonly text: string; readonly meta: DatasetRecord['meta']; readonly score: number }[]
}

/** Throws BAD_USER_INPUT if there is no such dataset or the query holds no words. */
export type DatasetSearch = (query: string, options: SearchOptions) => Promise<SearchResult>

/**
 * Bounds of a search. Each word of a query is also searched by prefix and with typos, so more than 32 words cost more
 * than they find.
 */
const searchBounds = { limit: 20, defaultLimit: 8, query: 1000, words: 32, answer: 12_000, meta: 2000 } as const

interface IndexedPassage extends Passage {
  readonly id: number
  readonly record: DatasetRecord
  readonly metaText: string
}

interface PassageIndex {
  readonly words: MiniSearch<IndexedPassage>
  readonly passages: readonly IndexedPassage[]
}

/** Full-text search in the datasets of one run. The first search in a dataset builds its index, which is then kept. */
export function createDatasetSearch(datasets: readonly DatasetSpec[]): DatasetSearch {
  const indexes = new Map<DatasetSpec, Promise<PassageIndex>>()
  const indexOf = (dataset: DatasetSpec, signal: AbortSignal | undefined) => {
    const known = indexes.get(dataset)
    if (known !== undefined) return known
    const index = makeIndex(dataset, signal)
    indexes.set(dataset, index)
    // After an abort, the next search builds the index again.
    index.catch(() => indexes.delete(dataset))
    return index
  }

  return async (query, { dataset, limit, signal }) => {
    const chosen = chooseDatasets(datasets, dataset)
    const wanted = tellingWords(query.slice(0, searchBounds.query)).slice(0, searchBounds.words)
    if (wanted.length === 0) throw new Failure('BAD_USER_INPUT', 'The search needs words to look for.')
    const found = await Promise.all(
      chosen.map(async (each) => {
        const { words, passages } = await indexOf(each, signal)
        return words
          .search(wanted.join(' '), {
            prefix: isStem,
            fuzzy: slipsIn,
            weights: { fuzzy: 0.1, prefix: 0.4 },
            boost: { text: 2 },
          })
          .slice(0, searchBounds.limit)
          .flatMap(({ id, score }) => ({ passage: passages[id], score }))
      }),
    )
    const count = Math.min(Math.max(Math.round(limit ?? searchBounds.defaultLimit), 1), searchBounds.limit)
    const best = found
      .flat()
      .sort((a, b) => b.score - a.score)
      .slice(0, count)
    return { records: withinBudget(best.flatMap(({ passage, score }) => (passage ? [answerOf(passage, score)] : []))) }
  }
}

function chooseDatasets(datasets: readonly DatasetSpec[], wish: SearchOptions['dataset']): readonly DatasetSpec[] {
  if (datasets.length === 0) throw new Failure('BAD_USER_INPUT', 'There is no dataset here to search.')
  if (wish === null || wish === '') return datasets
  const byPlace = typeof wish === 'number' ? datasets[wish] : undefined
  const name = String(wish).trim().toLowerCase()
  const chosen = byPlace ?? datasets.find((each) => each.name.trim().toLowerCase() === name)
  if (chosen !== undefined) return [chosen]
  const names = datasets.map((each) => JSON.stringify(each.name)).join(', ')
  throw new Failure('BAD_USER_INPUT', `There is no dataset ${JSON.stringify(wish)} here; there are ${names}.`)
}

/** How many code units are indexed before other work of the process gets a turn; about 10 ms. */
const slice = 32_768

async function makeIndex({ records }: DatasetSpec, signal: AbortSignal | undefined): Promise<PassageIndex> {
  const passages: IndexedPassage[] = []
  const words = new MiniSearch<IndexedPassage>({
    fields: ['text', 'metaText'],
    extractField: (passage, field) => {
      if (field === 'text') return passage.record.text.slice(passage.start, passage.end)
      return field === 'metaText' ? passage.metaText : String(passage.id)
    },
    tokenize: wordsOf,
    processTerm: termsOf,
  })
  let indexed = 0
  for (const record of records) {
    const metaText = textsIn(record.meta).join(' ').slice(0, searchBounds.meta)
    for (const { start, end } of passagesOf(record.text)) {
      const passage = { id: passages.length, record, metaText, start, end }
      passages.push(passage)
      words.add(passage)
      indexed += end - start + metaText.length
      if (indexed < slice) continue
      indexed = 0
      await nextTurn()
      signal?.throwIfAborted()
    }
  }
  return { words, passages }
}

/** All strings in `meta`, so that a search also finds the title of a record. */
function textsIn(meta: unknown): readonly string[] {
  if (typeof meta === 'string') return [meta]
  return typeof meta === 'object' && meta !== null ? Object.values(meta).flatMap(textsIn) : []
}

function answerOf({ record, start, end }: Passage & { readonly record: DatasetRecord }, score: number) {
  const { text, meta } = record
  // A long `meta` is left out, because every passage would repeat it.
  const isShort = meta !== null && stringifyJson(meta).length <= searchBounds.meta
  return { text: text.slice(start, end).trim(), meta: isShort ? meta : null, score: Math.round(score * 100) / 100 }
}

function withinBudget(records: SearchResult['records']): SearchResult['records'] {
  let used = 0
  return records.filter((record) => {
    used += stringifyJson(record).length
    return used <= searchBounds.answer
  })
}
