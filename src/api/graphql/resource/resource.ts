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

/** The complexity of a page: each selected field counts once per edge that the page may hold. */
export function pageComplexity({ first }: PageArguments) {
  return { field: 1, multiplier: Math.min(first ?? 20, 100) }
}

/** Adds the fields that all resources have: id, createdAt and updatedAt. */
export function addStamps<Kind extends ResourceKind>(type: ResourceRef<Kind>): void {
  builder.objectFields(type, (t) => ({
    id: t.id({ description: 'A globally unique id, minted by this server.', resolve: ({ id }) => id }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'The time of creation.',
      resolve: ({ createdAt }) => new Date(createdAt),
    }),
    updatedAt: t.field({
      type: 'DateTime',
      description: 'The time of the last change. It grows with every change.',
      resolve: ({ updatedAt }) => new Date(updatedAt),
    }),
  }))
}

/** Adds the query for one resource by its id. */
export function addLookup<Kind extends ResourceKind>(
  kind: Kind,
  type: ResourceRef<Kind>,
  of: (resources: Resources) => Collection<Kind>,
): void {
  builder.queryField(kind, (t) =>
    t.field({
      type,
      nullable: true,
      description: `The ${kind} with this id; null when the caller's account has none.`,
      args: { id: t.arg.id({ required: true, description: `The id of the ${kind}.` }) },
      // Pothos cannot know that the type parameter `Kind` is not a list. A resource is always one object.
      resolve: (_root, { id }, { services, principal }) => of(services.resources).find(principal.account, id) as never,
    }),
  )
}

/** Adds the query for a page of all resources of a kind, newest first. */
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
      description: `All ${kind}s of the account, newest first. Creating more while you page through the list shifts no page.`,
      complexity: pageComplexity,
      args: {
        first: t.arg.int({ description: 'The size of the page, 1 to 100. Default: 20.' }),
        after: t.arg.string({ description: 'Continue after the edge with this cursor. Default: from the beginning.' }),
      },
      resolve: (_root, args, { services, principal }) =>
        placedPage(args, (place, limit) => of(services.resources).page(principal.account, place, limit)),
    }),
  )
}

/** Reads a page of nodes that are ordered by `place`, starting after the cursor in the arguments. */
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
