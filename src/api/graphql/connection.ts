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
  description: 'Where a page sits in its list, as in Relay cursor connections.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'True when the list continues after `endCursor`.' }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      description: 'True when the page was requested with `after`.',
    }),
    startCursor: t.string({
      nullable: true,
      description: 'The cursor of the first edge; null for an empty page.',
      resolve: ({ edges }) => edges[0]?.cursor ?? null,
    }),
    endCursor: t.string({
      nullable: true,
      description: 'The cursor of the last edge; null for an empty page. Pass it as `after` to get the next page.',
      resolve: ({ edges }) => edges.at(-1)?.cursor ?? null,
    }),
  }),
})

/** Declares the connection and edge types of a node type; `name` prefixes their names. */
export function connectionType<Node>(node: ObjectRef<typeof builder.$inferSchemaTypes, Node, Node>, name: string) {
  const Edge = builder.objectRef<Page<Node>['edges'][number]>(`${name}Edge`).implement({
    description: `A ${name} in a list, with its position.`,
    fields: (t) => ({
      cursor: t.exposeString('cursor', {
        description: 'The position in the list. Pass it as `after` to continue after this edge.',
      }),
      // Pothos cannot know that the type parameter `Node` is not a list. A node is always one object.
      node: t.field({ type: node, description: `The ${name}.`, resolve: (edge) => edge.node as never }),
    }),
  })
  return builder.objectRef<Page<Node>>(`${name}Connection`).implement({
    description: `One page of a list of ${name} objects.`,
    fields: (t) => ({
      edges: t.field({
        type: [Edge],
        description: 'The objects of this page, in the order of the list.',
        resolve: ({ edges }) => [...edges],
      }),
      pageInfo: t.field({ type: PageInfo, description: 'Where this page sits in the list.', resolve: (page) => page }),
    }),
  })
}

/** Checks `first`: 1 to 100, default 20. */
export function pageSize(first: number | null | undefined): number {
  return boundedArgument(first ?? 20, 'first', [1, 100])
}

export function encodePlace(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/** Throws BAD_USER_INPUT for a cursor that encodePlace did not write. */
export function decodePlace<Place>(cursor: string, parse: (value: unknown) => Place | null): Place {
  try {
    const place = parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
    if (place !== null) return place
  } catch {
    // Not JSON: the error below.
  }
  throw badInput([{ path: ['after'], message: 'takes the cursor of an edge of this list' }])
}
