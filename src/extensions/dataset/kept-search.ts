import type { DatasetRecord, DatasetSpec } from '../../conversation/dataset.ts'
import { createDatasetSearch, type DatasetSearch, type SearchOptions, type SearchResult } from './search.ts'

/** A search in a helper process. */
export interface SearchAsk extends Pick<SearchOptions, 'dataset' | 'limit'> {
  /** What the datasets are kept under, for the next search. */
  readonly key: string
  readonly query: string
}

/** Records of one dataset; a dataset comes in one or more parts, in order. */
export interface DatasetPart {
  /** The place of the dataset in its list. */
  readonly index: number
  readonly name: string
  readonly records: readonly DatasetRecord[]
}

/** Of the texts whose indexes are kept, in UTF-16 code units. The largest dataset fits. */
const mostKept = 20_000_000

/**
 * Searches datasets and keeps the indexes of those that were searched last. Null: it does not have these and needs their
 * parts.
 */
export function createKeptSearch(keptCharacters = mostKept) {
  const kept = new Map<string, { readonly search: DatasetSearch; readonly size: number }>()

  const keep = (key: string, parts: readonly DatasetPart[]): DatasetSearch => {
    const size = parts.flatMap(({ records }) => records).reduce((sum, { text }) => sum + text.length, 0)
    // Room is made before, because the new index takes memory while it is built.
    let total = size + [...kept.values()].reduce((sum, each) => sum + each.size, 0)
    for (const [oldest, each] of kept) {
      if (total <= keptCharacters) break
      kept.delete(oldest)
      total -= each.size
    }
    const search = createDatasetSearch(datasetsOf(parts))
    kept.set(key, { search, size })
    return search
  }
  return async (
    { key, query, ...options }: SearchAsk,
    parts: readonly DatasetPart[],
    signal: AbortSignal,
  ): Promise<SearchResult | null> => {
    const known = kept.get(key)
    const search = known?.search ?? (parts.length === 0 ? null : keep(key, parts))
    if (search === null) return null
    if (known !== undefined) {
      kept.delete(key)
      kept.set(key, known)
    }
    return search(query, { ...options, signal })
  }
}

function datasetsOf(parts: readonly DatasetPart[]): readonly DatasetSpec[] {
  return [...Map.groupBy(parts, ({ index }) => index).values()].map((all) => ({
    name: all[0]?.name ?? '',
    records: all.flatMap(({ records }) => records),
  }))
}
