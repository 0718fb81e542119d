import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { memo, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Link } from 'wouter'
import { formatCompact, formatCost, formatDuration, formatTime } from '../ui/format.ts'
import { StatusBadge } from '../ui/status-badge.tsx'
import { isLive, type RunRow } from './run-list.ts'

const rowHeight = 38

interface RunsTableProps {
  readonly rows: readonly RunRow[]
  readonly hasMore: boolean
  readonly loadMore: () => void
}

/** Only the rows in sight are in the page, between two empty ones as high as all the others. */
export function RunsTable({ rows, hasMore, loadMore }: RunsTableProps) {
  const body = useRef<HTMLTableSectionElement>(null)
  const [top, setTop] = useState(0)
  useLayoutEffect(() => setTop(body.current?.offsetTop ?? 0), [])
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: top,
    getItemKey: (index) => rows[index]?.channelId ?? index,
  })
  const shown = virtualizer.getVirtualItems()
  const before = (shown[0]?.start ?? top) - top
  const after = virtualizer.getTotalSize() - ((shown.at(-1)?.end ?? top) - top)
  const firstId = rows[0]?.channelId
  const last = useRef(firstId)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only with another first row others may have come before those in sight
  useLayoutEffect(() => {
    const more = rows.findIndex(({ channelId }) => channelId === last.current)
    last.current = firstId
    if (more > 0 && window.scrollY > top) window.scrollBy(0, more * rowHeight)
  }, [firstId])
  const isNearEnd = (shown.at(-1)?.index ?? 0) >= rows.length - 20
  useEffect(() => {
    if (isNearEnd && hasMore) loadMore()
  }, [isNearEnd, hasMore, loadMore])
  return (
    <table className="runs" aria-label="Runs" aria-rowcount={hasMore ? -1 : rows.length + 1}>
      <thead>
        <tr>
          <th scope="col" className="runs-status">
            Status
          </th>
          <th scope="col" className="runs-id">
            Run
          </th>
          <th scope="col" className="runs-model wide">
            Model
          </th>
          <th scope="col" className="wide">
            Bot
          </th>
          <th scope="col" className="wider">
            Contact
          </th>
          <th scope="col" className="runs-time">
            Accepted
          </th>
          <th scope="col" className="runs-number middle">
            Duration
          </th>
          <th scope="col" className="runs-number wide">
            Tokens
          </th>
          <th scope="col" className="runs-number wider">
            Cost
          </th>
        </tr>
      </thead>
      <tbody ref={body}>
        <Space height={before} />
        {shown.map(({ index }) => {
          const row = rows[index]
          return row === undefined ? null : <Row key={row.channelId} row={row} place={index + 2} now={nowOf(row)} />
        })}
        <Space height={after} />
      </tbody>
    </table>
  )
}

function Space({ height }: { readonly height: number }) {
  return height <= 0 ? null : (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row takes no focus
    <tr aria-hidden="true">
      <td style={{ height, padding: 0, border: 0 }} />
    </tr>
  )
}

/** Of what goes on the duration grows; what has ended is not drawn again. */
const nowOf = (row: RunRow) => (isLive(row) ? Math.floor(Date.now() / 100) * 100 : 0)

const Row = memo(function Row({ row, place, now }: { row: RunRow; place: number; now: number }) {
  const { channelId, status, model, startedAt, finishedAt, usage, attempts } = row
  const until = finishedAt === null ? now : Date.parse(finishedAt)
  return (
    <tr aria-rowindex={place}>
      <td className="runs-status">
        <StatusBadge status={status} />
      </td>
      <td className="runs-id">
        <Link href={`/runs/${channelId}`} className="mono">
          {channelId}
        </Link>
        {row.error !== null && <span className="runs-error">{row.error.code}</span>}
        {attempts > 1 && <span className="runs-attempts">{attempts} attempts</span>}
      </td>
      <td className="wide">{model}</td>
      <td className="wide">{row.bot?.name ?? row.bot?.id ?? ''}</td>
      <td className="wider">{row.contact?.name ?? row.contact?.id ?? ''}</td>
      <td className="runs-time number">{formatTime(row.createdAt)}</td>
      <td className="runs-number number middle">
        {startedAt === null ? '' : formatDuration(until - Date.parse(startedAt))}
      </td>
      <td className="runs-number number wide">{usage.totalTokens === 0 ? '' : formatCompact(usage.totalTokens)}</td>
      <td className="runs-number number wider">{usage.cost === null ? '' : formatCost(usage.cost)}</td>
    </tr>
  )
})
