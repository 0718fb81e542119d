import { useState } from 'react'
import { Button } from '../../ui/button.tsx'

export interface Paging {
  /** The variable of the query. */
  readonly after: string | null
  readonly back: (() => void) | null
  readonly go: (cursor: string) => void
}

export function usePaging(): Paging {
  const [cursors, setCursors] = useState<readonly string[]>([])
  return {
    after: cursors.at(-1) ?? null,
    back: cursors.length === 0 ? null : () => setCursors(cursors.slice(0, -1)),
    go: (cursor) => setCursors([...cursors, cursor]),
  }
}

interface PagerProps {
  readonly paging: Paging
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null } | undefined
}

/** Nothing where there is one page. */
export function Pager({ paging: { back, go }, pageInfo }: PagerProps) {
  const next = pageInfo?.hasNextPage === true ? pageInfo.endCursor : null
  if (back === null && next === null) return null
  return (
    <div className="pager">
      <Button disabled={back === null} onClick={() => back?.()}>
        Previous
      </Button>
      <Button disabled={next === null} onClick={() => next !== null && go(next)}>
        Next
      </Button>
    </div>
  )
}
