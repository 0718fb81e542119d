import type { ObjectRef } from '@pothos/core'
import type { Collection } from '../../../store/collection.ts'
import type { Resource, ResourceKind } from '../../../store/resource.ts'
import type { Resources } from '../../../store/resources.ts'
import type { StoredPage } from '../../../store/store.ts'
import { builder } from '../builder.ts'
import { connectionType, decodePlace, encodePlace, type Page, pageSize } from '../connection.ts'

/** The GraphQL type of a kind of resource. */
export type ResourceRef<Kind extends ResourceKind> = ObjectRef<
  typeof builder.$inferSchemaTypes,
  Resource<Kind>,
  Resource<Kind>
>

export interface PageArguments {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
}

/** How long a page is for the complexity of an operation. */
export function pageComplexity({ first }: PageArguments) {
  return { field: 1, multiplier: Math.min(first ?? 20, 100) }
}

/** Adds what all resources have. */
export function addStamps<Kind extends ResourceKind>(type: ResourceRef<Kind>): void {
  builder.objectFields(type, (t) => ({
    id: t.id({ description: 'Minted, and globally unique.', resolve: ({ id }) => id }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When it was created.',
      resolve: ({ createdAt }) => new Date(createdAt),
    }),
    updatedAt: t.field({
      type: 'DateTime',
      description: 'When it was last changed; grows with every change.',
      resolve: ({ updatedAt }) => new Date(updatedAt),
    }),
  }))
}

/** Adds the query for one: null where the account has none by that id. */
export function addLookup<Kind extends ResourceKind>(
  kind: Kind,
  type: ResourceRef<Kind>,
  of: (resources: Resources) => Collection<Kind>,
): void {
  builder.queryField(kind, (t) =>
    t.field({
      type,
      nullable: true,
      description: `The ${kind}, or null when the caller's account has none by that id.`,
      args: { id: t.arg.id({ required: true, description: `The ${kind}'s id.` }) },
      // Pothos cannot tell that an unknown `Kind` is no list; a resource is always one object.
      resolve: (_root, { id }, { services, principal }) => of(services.resources).find(principal.account, id) as never,
    }),
  )
}

/** Adds the query for a page of all, newest first. */
export function addList<Kind extends ResourceKind>(
  kind: Kind,
  type: ResourceRef<Kind>,
  of: (resources: Resources) => Collection<Kind>,
): void {
  const title = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`
  const Connection = connectionType(type, title)
  builder.queryField(`${kind}s`, (t) =>
    t.field({
      type: Connection,
      description: `The account's ${kind}s, newest first. What is created meanwhile moves no page.`,
      complexity: pageComplexity,
      args: {
        first: t.arg.int({ description: 'How many at most, 1 to 100. Default 20.' }),
        after: t.arg.string({ description: "Go on behind this edge's cursor." }),
      },
      resolve: (_root, args, { services, principal }) =>
        placedPage(args, (place, limit) => of(services.resources).page(principal.account, place, limit)),
    }),
  )
}

/** A page of what has places, from where its arguments say. */
export async function placedPage<Node extends { readonly place: number }>(
  { first, after }: PageArguments,
  read: (place: number | null, limit: number) => Promise<StoredPage<Node>>,
): Promise<Page<Node>> {
  const { items, hasMore } = await read(after == null ? null : decodePlace(after, parsePlace), pageSize(first))
  return {
    edges: items.map((node) => ({ cursor: encodePlace([node.place]), node })),
    hasNextPage: hasMore,
    hasPreviousPage: after != null,
  }
}

function parsePlace(value: unknown): number | null {
  const [place, ...rest]: unknown[] = Array.isArray(value) ? value : []
  return typeof place === 'number' && Number.isSafeInteger(place) && place > 0 && rest.length === 0 ? place : null
}
