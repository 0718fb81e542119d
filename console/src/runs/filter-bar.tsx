import { useEffect, useState } from 'react'
import { RunFilterChoicesDocument } from '../generated/operations.ts'
import { useRead } from '../service/use-request.ts'
import { Button } from '../ui/button.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { statusNames } from '../ui/status-badge.tsx'
import type { Filters } from './filters.ts'

interface FilterBarProps {
  readonly filters: Filters
  readonly onChange: (filters: Filters) => void
}

const none: Filters = { statuses: [], botId: '', contactId: '', conversationId: '', channelId: '' }

export function FilterBar({ filters, onChange }: FilterBarProps) {
  const { data } = useRead(RunFilterChoicesDocument, {})
  const change = (changes: Partial<Filters>) => onChange({ ...filters, ...changes })
  const isFiltered = JSON.stringify(filters) !== JSON.stringify(none)
  return (
    <search className="filters">
      <fieldset className="filter-statuses">
        <legend>Status</legend>
        {statusNames.map(([status, name]) => {
          const isOn = filters.statuses.includes(status)
          const statuses = isOn ? filters.statuses.filter((each) => each !== status) : [...filters.statuses, status]
          return (
            <button
              key={status}
              type="button"
              className="chip"
              aria-pressed={isOn}
              onClick={() => change({ statuses })}
            >
              {name}
            </button>
          )
        })}
      </fieldset>
      <SelectField
        label="Bot"
        value={filters.botId}
        onChange={(botId) => change({ botId })}
        options={choices(
          data?.bots.edges.map(({ node }) => node),
          filters.botId,
        )}
      />
      <SelectField
        label="Contact"
        value={filters.contactId}
        onChange={(contactId) => change({ contactId })}
        options={choices(
          data?.contacts.edges.map(({ node }) => node),
          filters.contactId,
        )}
      />
      <IdField
        label="Conversation"
        value={filters.conversationId}
        onChange={(conversationId) => change({ conversationId })}
      />
      <IdField label="Run id" value={filters.channelId} onChange={(channelId) => change({ channelId })} />
      {isFiltered && (
        <Button kind="quiet" onClick={() => onChange(none)}>
          Clear filters
        </Button>
      )}
    </search>
  )
}

/** What is chosen stays an option where it is not among the newest. */
function choices(known: readonly { readonly id: string; readonly name: string | null }[] = [], chosen: string) {
  const options = known.map(({ id, name }) => ({ value: id, name: name ?? id }))
  const isKnown = chosen === '' || options.some(({ value }) => value === chosen)
  return [{ value: '', name: 'All' }, ...options, ...(isKnown ? [] : [{ value: chosen, name: chosen }])]
}

const typingMs = 300

/** Takes what was typed once the typing pauses. */
function IdField({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing begins the pause anew
  useEffect(() => {
    if (text.trim() === value) return
    const timer = setTimeout(() => onChange(text.trim()), typingMs)
    return () => clearTimeout(timer)
  }, [text])
  return <TextField label={label} className="input mono" spellCheck={false} value={text} onChange={setText} />
}
