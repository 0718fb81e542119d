import { useCallback, useMemo } from 'react'
import { Link, useSearchParams } from 'wouter'
import { Empty } from '../ui/empty.tsx'
import { formatNumber } from '../ui/format.ts'
import { Page } from '../ui/page.tsx'
import { Problem } from '../ui/problem.tsx'
import { FilterBar } from './filter-bar.tsx'
import { type Filters, isWanted, readFilters, writeFilters } from './filters.ts'
import { RunsTable } from './runs-table.tsx'
import { useRuns } from './use-runs.ts'
import './runs.css'

export default function RunsPage() {
  const [search, setSearch] = useSearchParams()
  const filters = useMemo(() => readFilters(search), [search])
  const change = useCallback((next: Filters) => setSearch(writeFilters(next), { replace: true }), [setSearch])
  const { list, error, isPending, loadMore } = useRuns(filters)
  const rows = useMemo(() => list.rows.filter((row) => isWanted(filters, row)), [list, filters])
  const isFiltered = writeFilters(filters).size > 0
  return (
    <Page title="Runs" lead={isPending ? 'Reading…' : countOf(rows.length, list.next !== null)}>
      <FilterBar filters={filters} onChange={change} />
      <Problem of={error} />
      <RunsTable rows={rows} hasMore={list.next !== null} loadMore={loadMore} />
      {rows.length === 0 && !isPending && error === null && (
        <Empty title={isFiltered ? 'No run matches the filters' : 'No runs yet'}>
          {!isFiltered && (
            <p>
              <Link href="/">Try</Link> begins one.
            </p>
          )}
        </Empty>
      )}
    </Page>
  )
}

const countOf = (count: number, hasMore: boolean) =>
  `${formatNumber(count)} ${count === 1 ? 'run' : 'runs'}, newest first${hasMore ? '; more below' : ''}.`
