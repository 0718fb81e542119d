import { Link } from 'wouter'
import { OverviewDocument, type OverviewQuery } from '../generated/operations.ts'
import { useRead } from '../service/use-request.ts'
import { Empty } from '../ui/empty.tsx'
import { formatCost, formatDuration, formatNumber } from '../ui/format.ts'
import { Page } from '../ui/page.tsx'
import { Problem } from '../ui/problem.tsx'
import './overview.css'

type AccountOverview = OverviewQuery['overview']

/** As `overview` says it. */
const mostCounted = 10_000

export default function OverviewPage() {
  const { data, error } = useRead(OverviewDocument, {}, { everyMs: 2_000 })
  return (
    <Page title="Overview" lead="What your account has going on, read every two seconds.">
      <Problem of={error} />
      {data === undefined ? error === null && <p className="loading">Loading…</p> : <Account of={data.overview} />}
    </Page>
  )
}

function Account({ of }: { readonly of: AccountOverview }) {
  const { queued, running, waiting, paused, oldestQueuedAt, lastHour, today } = of
  // The clock of this machine may be a little behind.
  const oldestMs = oldestQueuedAt === null ? null : Math.max(0, Date.now() - Date.parse(oldestQueuedAt))
  return (
    <>
      <ul className="counts" aria-label="Dispatches that have not ended">
        <Count name="Running" status="RUNNING" count={running}>
          a worker has them
        </Count>
        <Count name="Queued" status="QUEUED" count={queued}>
          {oldestMs === null ? 'none waits for a worker' : `the oldest for ${formatDuration(oldestMs)}`}
        </Count>
        <Count name="Waiting" status="WAITING" count={waiting}>
          for answers to calls
        </Count>
        <Count name="Paused" status="WAITING" count={paused}>
          by a limit, until it is raised
        </Count>
      </ul>
      <div className="overview-columns">
        <Failures of={lastHour.failures} />
        <section className="card overview-card" aria-labelledby="use">
          <h2 id="use">Use</h2>
          <table className="table" aria-labelledby="use">
            <thead>
              <tr>
                <th scope="col">In</th>
                <th scope="col" className="right">
                  Tokens
                </th>
                <th scope="col" className="right">
                  Cost
                </th>
              </tr>
            </thead>
            <tbody>
              <Use name="the last hour" of={lastHour} />
              <Use name="this day, UTC" of={today} />
            </tbody>
          </table>
          <p className="hint">The cost is that of models with a price (MODEL_PRICES).</p>
        </section>
      </div>
    </>
  )
}

interface CountProps {
  readonly name: string
  readonly status: string
  readonly count: number
  readonly children: string
}

function Count({ name, status, count, children }: CountProps) {
  return (
    <li className="card count">
      <Link href={`/runs?status=${status.toLowerCase()}`} className="count-name">
        {name}
      </Link>
      <p className={`count-number number ${count === 0 ? 'muted' : ''}`}>
        {formatNumber(count)}
        {count >= mostCounted && '+'}
      </p>
      <p className="hint">{children}</p>
    </li>
  )
}

function Use({ name, of }: { readonly name: string; readonly of: AccountOverview['today'] }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="number right">{formatNumber(of.tokens)}</td>
      <td className="number right">{of.cost === 0 ? '–' : formatCost(of.cost)}</td>
    </tr>
  )
}

function Failures({ of }: { readonly of: AccountOverview['lastHour']['failures'] }) {
  const most = Math.max(...of.map(({ count }) => count))
  return (
    <section className="card overview-card" aria-labelledby="failures">
      <h2 id="failures">Failures of the last hour</h2>
      {of.length === 0 ? (
        <Empty title="Nothing has failed" />
      ) : (
        <table className="table" aria-labelledby="failures">
          <thead>
            <tr>
              <th scope="col">Code</th>
              <th scope="col" className="right">
                Dispatches
              </th>
            </tr>
          </thead>
          <tbody>
            {of.map(({ code, count }) => (
              <tr key={code}>
                <th scope="row" className="failure">
                  <code>{code}</code>
                  <span className="failure-bar" style={{ width: `${(count / most) * 100}%` }} aria-hidden="true" />
                </th>
                <td className="number right">{formatNumber(count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {of.length > 0 && (
        <p className="hint">
          <Link href="/runs?status=failed">Runs that have failed</Link>
        </p>
      )}
    </section>
  )
}
