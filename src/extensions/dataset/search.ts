import type { DatasetRecord, DatasetSpec } from '../../conversation/dataset.ts'
import { Failure } from '../../kernel/errors.ts'
import { stringifyJson } from '../../kernel/json.ts'
import type { FoundPassage, RecordIndex } from './record-index.ts'

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

/** Bounds of what a search answers, in passages and in code units of JSON. */
const bounds = { limit: 20, defaultLimit: 8, answer: 12_000, meta: 2000 } as const

/** Full-text search in the datasets of one run. The first search in a dataset builds its index, which is then kept. */
export function createDatasetSearch(datasets: readonly DatasetSpec[]): DatasetSearch {
  const indexes = new Map<DatasetSpec, Promise<RecordIndex>>()
  // Loaded when something is searched: stemmers and dictionaries take 50 ms of each process that loads them.
  const loaded = () => import('./record-index.ts')
  const indexOf = (dataset: DatasetSpec, signal: AbortSignal | undefined) => {
    const known = indexes.get(dataset)
    if (known !== undefined) return known
    const index = loaded().then(({ indexRecords }) => indexRecords(dataset.records, signal))
    indexes.set(dataset, index)
    // After an abort, the next search builds the index again.
    index.catch(() => indexes.delete(dataset))
    return index
  }

  return async (query, { dataset, limit, signal }) => {
    const chosen = chooseDatasets(datasets, dataset)
    const { hasWords } = await loaded()
    if (!hasWords(query)) throw new Failure('BAD_USER_INPUT', 'The search needs words to look for.')
    const found = await Promise.all(
      chosen.map(async (each) => {
        const index = await indexOf(each, signal)
        return index.search(query, bounds.limit)
      }),
    )
    const count = Math.min(Math.max(Math.round(limit ?? bounds.defaultLimit), 1), bounds.limit)
    const best = found
      .flat()
      .sort((a, b) => b.score - a.score)
      .slice(0, count)
    return { records: withinBudget(best.map(answerOf)) }
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

function answerOf({ record, start, end, score }: FoundPassage): SearchResult['records'][number] {
  const { text, meta } = record
  // A long `meta` is left out, because every passage would repeat it.
  const isShort = meta !== null && stringifyJson(meta).length <= bounds.meta
  return { text: text.slice(start, end).trim(), meta: isShort ? meta : null, score: Math.round(score * 100) / 100 }
}

/** The passages that an answer has room for, as JSON. */
function withinBudget(records: SearchResult['records']): SearchResult['records'] {
  let used = 0
  return records.filter((record) => {
    used += stringifyJson(record).length
    return used <= bounds.answer
  })
}
