import type { DatasetSpec } from '../../conversation/dataset.ts'
import { Failure } from '../../kernel/errors.ts'
import { type Budget, OutOfBudget } from '../../kernel/helpers/budget.ts'
import type { DatasetPart, SearchAsk } from './kept-search.ts'
import { createDatasetSearch, type DatasetSearch, type SearchOptions, type SearchResult } from './search.ts'

/** Opens the datasets of a run, or of one search, for an account. */
export type OpenSearch = (account: string, datasets: readonly DatasetSpec[]) => DatasetSearch

/** Searches where it can be ended. Throws OutOfBudget. Null: it needs the parts. */
export type SearchHelper = (
  ask: SearchAsk,
  asking: {
    readonly account: string
    readonly budget: Budget
    readonly parts: Iterable<DatasetPart>
    readonly signal?: AbortSignal
  },
) => Promise<SearchResult | null>

export const searchWork = {
  /** Fewer UTF-16 code units are indexed at once, within ten milliseconds. */
  small: 8192,
  /** The time for one search, its index included. Honest records of 16 MB take four seconds. */
  budgetMs: 15_000,
} as const

/** How many UTF-16 code units of text are sent to a helper in one go. */
const partCharacters = 250_000

/** Searches larger datasets in a helper process, and keeps the memory of their indexes there. */
export function createOpenSearch(search: SearchHelper, newKey: () => string): OpenSearch {
  return (account, datasets) => {
    const size = datasets.flatMap(({ records }) => records).reduce((sum, { text }) => sum + text.length, 0)
    if (size <= searchWork.small) return createDatasetSearch(datasets)
    const key = newKey()
    return async (query, { dataset, limit, signal }: SearchOptions) => {
      const budget: Budget = { leftMs: searchWork.budgetMs }
      const ask = (parts: Iterable<DatasetPart>) =>
        search({ key, query, dataset, limit }, { account, budget, parts, ...(signal && { signal }) })
      try {
        // Another helper may have to be told of them as well.
        const found = (await ask([])) ?? (await ask(partsOf(datasets)))
        if (found === null) throw new Error('A helper has lost its datasets.')
        return found
      } catch (error) {
        if (!(error instanceof OutOfBudget)) throw error
        const message = `These records cannot be searched: their words take too much ${error.what} to index.`
        throw new Failure('BAD_USER_INPUT', message)
      }
    }
  }
}

function* partsOf(datasets: readonly DatasetSpec[]): Generator<DatasetPart> {
  for (const [index, { name, records }] of datasets.entries()) {
    let part: DatasetSpec['records'][number][] = []
    let size = 0
    for (const record of records) {
      part.push(record)
      size += record.text.length
      if (size < partCharacters) continue
      yield { index, name, records: part }
      part = []
      size = 0
    }
    if (part.length > 0 || records.length === 0) yield { index, name, records: part }
  }
}
