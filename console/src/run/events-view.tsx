import { useVirtualizer } from '@tanstack/react-virtual'
import { useDeferredValue, useMemo, useRef, useState } from 'react'
import { matches, offsetOf, summaryOf } from '../log/event-list.ts'
import type { LoggedEvent } from '../log/run-view.ts'
import { Button } from '../ui/button.tsx'
import { asJson, CodeBlock } from '../ui/code-block.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { formatNumber } from '../ui/format.ts'

interface EventsViewProps {
  readonly events: readonly LoggedEvent[]
  readonly onReplay: (cursor: string) => void
}

/** The log as it is: every event with its cursor. */
export function EventsView({ events, onReplay }: EventsViewProps) {
  const [kind, setKind] = useState('')
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState<string | null>(null)
  const kinds = useMemo(() => [...new Set(events.map(({ event }) => event.__typename))].sort(), [events])
  // Every event is read for it, so typing does not wait.
  const searched = useDeferredValue(text)
  const shown = useMemo(() => events.filter((each) => matches(each, kind, searched)), [events, kind, searched])
  const detail = events.find(({ event }) => event.cursor === chosen)
  return (
    <div className="events">
      <search className="events-filters">
        <SelectField
          label="Kind"
          value={kind}
          onChange={setKind}
          options={[{ value: '', name: 'All' }, ...kinds.map((name) => ({ value: name, name }))]}
        />
        <TextField label="Contains" value={text} onChange={setText} spellCheck={false} />
        <p className="hint">
          {formatNumber(shown.length)} of {formatNumber(events.length)}; pieces of a message that follow each other are
          one.
        </p>
      </search>
      <div className="events-parts">
        <EventList
          events={shown}
          first={events[0]?.event.at ?? ''}
          chosen={chosen}
          onChoose={(cursor) => setChosen(cursor === chosen ? null : cursor)}
        />
        {detail !== undefined && (
          <section className="event-detail" aria-label="The chosen event">
            <CodeBlock name={detail.event.__typename} code={asJson(detail.event)} />
            <Button onClick={() => onReplay(detail.event.cursor)}>Replay from here</Button>
          </section>
        )}
      </div>
    </div>
  )
}

const rowPx = 30

interface EventListProps {
  readonly events: readonly LoggedEvent[]
  /** When the first event of the log was stored. */
  readonly first: string
  readonly chosen: string | null
  readonly onChoose: (cursor: string) => void
}

function EventList({ events, first, chosen, onChoose }: EventListProps) {
  const box = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: events.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowPx,
    overscan: 15,
  })
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="event-list card" ref={box} tabIndex={0} aria-label="Events">
      <ol style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const each = events[index]
          if (each === undefined) return null
          const { event } = each
          return (
            <li
              key={event.cursor}
              style={{ transform: `translateY(${start}px)` }}
              aria-setsize={events.length}
              aria-posinset={index + 1}
            >
              <button
                type="button"
                className="event"
                aria-pressed={event.cursor === chosen}
                onClick={() => onChoose(event.cursor)}
              >
                <span className="event-at number">{offsetOf(event.at, first)}</span>
                <span className="event-kind">{event.__typename}</span>
                <span className="event-summary">{summaryOf(each)}</span>
                <span className="event-cursor mono">{event.cursor}</span>
              </button>
            </li>
          )
        })}
      </ol>
    </section>
  )
}
