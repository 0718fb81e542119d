import type { BackchannelError } from 'backchannel-client'
import type { ReactNode } from 'react'
import { Empty } from '../../ui/empty.tsx'
import { Problem } from '../../ui/problem.tsx'
import { Pager, type Paging } from './paging.tsx'

interface Connection<Row> {
  readonly edges: readonly { readonly node: Row }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

interface ResourceListProps<Row> {
  readonly name: string
  /** What they are for. */
  readonly lead: string
  readonly create: ReactNode
  readonly page: Connection<Row> | undefined
  readonly paging: Paging
  readonly error: BackchannelError | null
  readonly columns: readonly (readonly [name: string, cell: (row: Row) => ReactNode])[]
}

/** A page of the resources of one kind. The first column names them. */
export function ResourceList<Row extends { readonly id: string }>(props: ResourceListProps<Row>) {
  const { name, lead, create, page, paging, error, columns } = props
  return (
    <section className="resource-list" aria-labelledby="kind">
      <div className="resource-head">
        <div>
          <h2 id="kind">{name}</h2>
          <p className="muted">{lead}</p>
        </div>
        {create}
      </div>
      <Problem of={error} />
      {page === undefined && error === null && <p className="loading">Loading…</p>}
      {page?.edges.length === 0 && <Empty title={`There are no ${name.toLowerCase()} yet`} />}
      {page !== undefined && page.edges.length > 0 && <Rows name={name} page={page} columns={columns} />}
      <Pager paging={paging} pageInfo={page?.pageInfo} />
    </section>
  )
}

type RowsProps<Row> = Pick<ResourceListProps<Row>, 'name' | 'columns'> & { readonly page: Connection<Row> }

/** It scrolls sideways where the window is narrow, by keyboard too. */
export function Rows<Row extends { readonly id: string }>({ name, page, columns }: RowsProps<Row>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="card table-scroll" aria-label={`${name}, as a table`} tabIndex={0}>
      <table className="table" aria-label={name}>
        <thead>
          <tr>
            {columns.map(([title]) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {page.edges.map(({ node }) => (
            <tr key={node.id}>
              {columns.map(([title, cell], place) =>
                place === 0 ? (
                  <th key={title} scope="row">
                    {cell(node)}
                  </th>
                ) : (
                  <td key={title}>{cell(node)}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
