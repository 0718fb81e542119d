import { Link } from 'wouter'
import { RunsDocument } from '../generated/operations.ts'
import { useRead } from '../service/use-request.ts'
import { formatTime } from '../ui/format.ts'
import { Page } from '../ui/page.tsx'
import { Problem } from '../ui/problem.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'

export default function RunsPage() {
  const { data, error } = useRead(RunsDocument, { first: 50 }, { everyMs: 1_500 })
  return (
    <Page title="Runs">
      <Problem of={error} />
      <table className="table card" aria-label="Runs">
        <thead>
          <tr>
            <th scope="col">Status</th>
            <th scope="col">Run</th>
            <th scope="col">Accepted</th>
          </tr>
        </thead>
        <tbody>
          {data?.dispatches.edges.map(({ node }) => (
            <tr key={node.channelId}>
              <td>
                <StatusBadge status={node.status} />
              </td>
              <td>
                <Link href={`/runs/${node.channelId}`}>{node.channelId}</Link>
              </td>
              <td>{formatTime(node.createdAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Page>
  )
}
