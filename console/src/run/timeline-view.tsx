import { useEffect, useState } from 'react'
import type { RunView } from '../log/run-view.ts'
import { type Bar, type Lane, lanes, placeBars, ticksOf } from '../log/timeline.ts'
import { formatDuration } from '../ui/format.ts'

const rowPx = 18

/** What took how long, as bars over the time of the run. */
export function TimelineView({ view, isOver }: { readonly view: RunView; readonly isOver: boolean }) {
  const { acceptedAt, finishedAt, lastAt, bars } = view
  const now = useNow(acceptedAt !== null && !isOver)
  if (acceptedAt === null) return null
  const to = Math.max(finishedAt ?? Math.max(isOver ? 0 : now, lastAt ?? 0), acceptedAt + 1)
  const range = { from: acceptedAt, to }
  const used = lanes.filter((lane) => bars.some((bar) => bar.lane === lane))
  return (
    <section className="timeline card" aria-label="Timeline">
      <div className="timeline-scale" aria-hidden="true">
        {ticksOf(to - acceptedAt)
          .filter(hasRoom(to - acceptedAt))
          .map((tick) => (
            <span key={tick} style={{ left: `${(tick / (to - acceptedAt)) * 100}%` }}>
              {formatDuration(tick)}
            </span>
          ))}
      </div>
      {used.map((lane) => (
        <LaneView key={lane} lane={lane} bars={bars} range={range} />
      ))}
    </section>
  )
}

/** For its label, before the right edge. */
const hasRoom = (rangeMs: number) => (tick: number) => tick < rangeMs * 0.94

interface LaneProps {
  readonly lane: Lane
  readonly bars: readonly Bar[]
  readonly range: { readonly from: number; readonly to: number }
}

function LaneView({ lane, bars, range }: LaneProps) {
  const { placed, rows } = placeBars(bars, lane, range)
  return (
    <div className="timeline-lane">
      <h2>{lane}</h2>
      <ul style={{ height: rows * rowPx }}>
        {placed.map(({ bar, left, width, row }) => (
          <li
            key={`${bar.label} ${bar.from} ${row}`}
            className={`bar bar-${bar.tone} bar-${lane.toLowerCase()} ${bar.to === null ? 'bar-open' : ''}`}
            style={{ left: `${left * 100}%`, width: `max(3px, ${width * 100}%)`, top: row * rowPx }}
            title={describe(bar, range)}
          >
            <span className="visually-hidden">{describe(bar, range)}</span>
            {width > 0.06 && (
              <span className="bar-label" aria-hidden="true">
                {bar.label}
              </span>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}

const tones: Record<Bar['tone'], string> = { plain: '', wait: '', bad: ', failed', lost: ', lost and done again' }

function describe({ lane, label, from, to, tone }: Bar, range: LaneProps['range']): string {
  const what = lane === 'Waits' ? `Waits for ${label}` : label
  const how = to === null ? 'goes on' : `for ${formatDuration(to - from)}`
  return `${what}, from ${formatDuration(from - range.from)}, ${how}${tones[tone]}`
}

const everyMs = 250

/** The time, again and again while something goes on. */
function useNow(isGoingOn: boolean): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!isGoingOn) return
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [isGoingOn])
  return now
}
