import { Failure } from '../kernel/errors.ts'
import { type AccountId, parseResourceId, type ResourceId } from '../kernel/ids.ts'
import { weightOf } from '../kernel/weight.ts'
import type { Resource, ResourceKind } from './resource.ts'
import type { NewResource, ResourceChange, ResourceStore, StoredPage } from './store.ts'

/** The operations that all kinds of resources share. */
export interface Collection<Kind extends ResourceKind> {
  /** Null if the account has none with this id. */
  find(account: AccountId, id: string): Promise<Resource<Kind> | null>
  /** Newest first, after the resource with this `place`. A page of large resources holds fewer, and there are more. */
  page(account: AccountId, before: number | null, limit: number): Promise<StoredPage<Resource<Kind>>>
  /** NOT_FOUND if there is none. Other resources keep their references to the removed id. */
  remove(account: AccountId, id: string): Promise<void>
}

/** A collection with write access, for the module of its kind. CONFLICT if another resource has the handle. */
export interface WritableCollection<Kind extends ResourceKind> {
  readonly collection: Collection<Kind>
  create(account: AccountId, resource: NewResource<Kind>): Promise<Resource<Kind>>
  /** NOT_FOUND if there is none. */
  update(account: AccountId, id: string, change: ResourceChange<Kind>): Promise<Resource<Kind>>
}

/** The input field that holds the handle, and the message for a conflict. */
const handleFields: Partial<Record<ResourceKind, { readonly field: string; readonly message: string }>> = {
  contact: { field: 'fingerprint', message: 'another contact has this one' },
  secret: { field: 'name', message: 'another secret has this name, as references spell it' },
}

/** Resources are read so many at a time; a page ends with the stretch that reaches this weight. */
const pageBounds = { weight: 4_000_000, stretch: 20 } as const

export function createCollection<Kind extends ResourceKind>(
  store: ResourceStore,
  kind: Kind,
): WritableCollection<Kind> {
  return {
    collection: {
      async find(account, text) {
        const id = parseResourceId(text)
        if (id === null) return null
        const [resource] = await store.find({ account, kind }, [id])
        return resource ?? null
      },
      async page(account, before, limit) {
        const items: Resource<Kind>[] = []
        let weight = 0
        for (let from = before; ; from = items.at(-1)?.place ?? null) {
          const size = Math.min(limit - items.length, pageBounds.stretch)
          const stretch = await store.page({ account, kind }, from, size)
          items.push(...stretch.items)
          weight += weightOf(stretch.items, pageBounds.weight)
          const isFull = items.length >= limit || weight >= pageBounds.weight
          if (isFull || !stretch.hasMore) return { items, hasMore: stretch.hasMore }
        }
      },
      async remove(account, text) {
        const isGone = await store.remove({ account, kind }, knownId(text, kind))
        if (!isGone) throw notFound(kind)
      },
    },
    async create(account, resource) {
      const written = await store.create({ account, kind }, resource)
      if (written.outcome === 'taken') throw conflict(kind)
      return written.resource
    },
    async update(account, text, change) {
      const written = await store.update({ account, kind }, knownId(text, kind), change)
      if (written === null) throw notFound(kind)
      if (written.outcome !== 'written') throw conflict(kind)
      return written.resource
    },
  }
}

/** Parses an id. NOT_FOUND for a text that we never mint. */
export function knownId(text: string, noun: string): ResourceId {
  const id = parseResourceId(text)
  if (id === null) throw notFound(noun)
  return id
}

export function notFound(noun: string): Failure {
  return new Failure('NOT_FOUND', `There is no ${noun} by that id.`)
}

function conflict(kind: ResourceKind): Failure {
  const { field, message } = handleFields[kind] ?? { field: 'name', message: 'is taken' }
  return new Failure('CONFLICT', `input.${field}: ${message}`, { issues: [{ path: ['input', field], message }] })
}
