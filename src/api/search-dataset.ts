import type { AccountId } from '../kernel/ids.ts'
import type { Records } from '../store/datasets.ts'
import type { DatasetRecord } from '../store/resource.ts'
import type { SearchRecords } from './services.ts'

export interface FoundRecord {
  readonly record: DatasetRecord
  /** The matching passage, or the whole text of the record. */
  readonly text: string
  readonly score: number
}

/** Searches the current records of a stored dataset. */
export async function searchDataset(
  records: Records,
  search: SearchRecords,
  { account, dataset, query }: { readonly account: AccountId; readonly dataset: string; readonly query: string },
): Promise<readonly FoundRecord[]> {
  const { items } = await records.page(account, dataset, { after: null, limit: 10_000 })
  const found = await search(account, items, query)
  const given = new Map<string, DatasetRecord[]>()
  return found.flatMap(({ text, score }) => {
    // The search returns passages without their records. Records with one passage come in their own order.
    const before = given.get(text) ?? []
    const record = items.find((each) => each.text.includes(text) && !before.includes(each)) ?? before[0]
    if (record === undefined) return []
    given.set(text, [...before, record])
    return { record, text, score }
  })
}
