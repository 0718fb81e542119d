import type { ObjectRef } from '@pothos/core'
import { badInput } from '../../kernel/errors.ts'
import { builder } from './builder.ts'
import { boundedArgument } from './failure.ts'

export interface Page<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
}

const PageInfo = builder.objectRef<Page<unknown>>('PageInfo').implement({
  description: 'Where a page stands in its list (Relay cursor connections).',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether there is more behind `endCursor`.' }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', { description: 'Whether the page began behind a cursor.' }),
    startCursor: t.string({
      nullable: true,
      description: "The first edge's cursor; null for an empty page.",
      resolve: ({ edges }) => edges[0]?.cursor ?? null,
    }),
    endCursor: t.string({
      nullable: true,
      description: "The last edge's cursor, to be passed as `after`; null for an empty page.",
      resolve: ({ edges }) => edges.at(-1)?.cursor ?? null,
    }),
  }),
})

/** The connection and edge types of a node type. */
export function connectionType<Node>(node: ObjectRef<typeof builder.$inferSchemaTypes, Node, Node>, name: string) {
  const Edge = builder.objectRef<Page<Node>['edges'][number]>(`${name}Edge`).implement({
    description: `A ${name} and its place in the list.`,
    fields: (t) => ({
      cursor: t.exposeString('cursor', { description: 'The place, to be passed as `after`.' }),
      // Pothos cannot tell that an unknown `Node` is no list; a node is always one object.
      node: t.field({ type: node, description: `The ${name}.`, resolve: (edge) => edge.node as never }),
    }),
  })
  return builder.objectRef<Page<Node>>(`${name}Connection`).implement({
    description: `A page of ${name} objects.`,
    fields: (t) => ({
      edges: t.field({ type: [Edge], description: 'In the order of the list.', resolve: ({ edges }) => [...edges] }),
      pageInfo: t.field({ type: PageInfo, description: 'Where the page stands.', resolve: (page) => page }),
    }),
  })
}

/** `first` of a page: 1 to 100, 20 by default. */
export function pageSize(first: number | null | undefined): number {
  return boundedArgument(first ?? 20, 'first', [1, 100])
}

export function encodePlace(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/** Throws BAD_USER_INPUT for what encodePlace never wrote. */
export function decodePlace<Place>(cursor: string, parse: (value: unknown) => Place | null): Place {
  try {
    const place = parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
    if (place !== null) return place
  } catch {
    // Not JSON: the same answer.
  }
  throw badInput([{ path: ['after'], message: 'takes the cursor of an edge of this list' }])
}
