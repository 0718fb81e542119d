import type { BackchannelError } from 'backchannel-client'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { Empty } from '../../ui/empty.tsx'
import { Page } from '../../ui/page.tsx'
import { Problem } from '../../ui/problem.tsx'

interface ResourceDetailProps<Row> {
  /** `bot`, and where its list is. */
  readonly noun: string
  readonly list: { readonly name: string; readonly path: string }
  readonly id: string
  /** Undefined: not read yet. Null: there is none. */
  readonly of: Row | null | undefined
  readonly error: BackchannelError | null
  readonly title: (row: Row) => string
  /** Of a new one: null. */
  readonly children: (row: Row | null) => ReactNode
}

/** The page of one resource, or of a new one, whose id is `new`. */
export function ResourceDetail<Row>({ noun, list, id, of, error, title, children }: ResourceDetailProps<Row>) {
  const lead = (
    <>
      <Link href={list.path}>{list.name}</Link>
      {id !== 'new' && <span className="mono"> {id}</span>}
    </>
  )
  if (id === 'new') {
    return (
      <Page title={`New ${noun}`} lead={lead}>
        {children(null)}
      </Page>
    )
  }
  return (
    <Page title={of == null ? noun.charAt(0).toUpperCase() + noun.slice(1) : title(of)} lead={lead}>
      <Problem of={error} />
      {of === undefined && error === null && <p className="loading">Loading…</p>}
      {of === null && <Empty title={`There is no such ${noun}`} />}
      {of != null && children(of)}
    </Page>
  )
}

/** What names it: its name, else its id. */
export function nameOf({ name, id }: { readonly name?: string | null; readonly id: string }): string {
  return name == null || name === '' ? id : name
}
