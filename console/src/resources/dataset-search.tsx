import { type FormEvent, useState } from 'react'
import { DatasetSearchDocument } from '../generated/operations.ts'
import { useRead } from '../service/use-request.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Problem } from '../ui/problem.tsx'

/** Shows what the model would get. */
export function DatasetSearch({ id }: { readonly id: string }) {
  const [text, setText] = useState('')
  const [query, setQuery] = useState('')
  const { data, error, isFetching } = useRead(DatasetSearchDocument, { id, query }, { isWanted: query !== '' })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setQuery(text.trim())
  }
  const found = query === '' ? undefined : data?.dataset?.search
  return (
    <section className="resource-part" aria-labelledby="search">
      <h2 id="search">Search</h2>
      <search>
        <form className="search" aria-label="Search the records" onSubmit={submit}>
          <TextField
            label="Words to look for"
            type="search"
            value={text}
            onChange={setText}
            hint="What a model gets that looks this up."
          />
          <Button type="submit" disabled={text.trim() === ''}>
            Search
          </Button>
        </form>
      </search>
      {!isFetching && query !== '' && <Problem of={error} />}
      <p role="status" className="muted">
        {isFetching ? 'Searching…' : found !== undefined && error === null ? passages(found.length) : ''}
      </p>
      {error === null && found !== undefined && found.length > 0 && (
        <ol className="passages" aria-label="Passages">
          {found.map(({ text: passage, score, record }, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a record may be found with several passages, and their order is their identity
            <li key={`${record.id} ${place}`} className="card">
              <p className="passage">{passage}</p>
              <p className="hint">
                <span className="mono">{record.id}</span>, score {score.toFixed(2)}
              </p>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

function passages(count: number): string {
  if (count === 0) return 'Nothing is found: the model gets nothing.'
  return count === 1 ? 'One passage.' : `${count} passages, the best first.`
}
