import type { AccountId, ResourceId } from '../kernel/ids.ts'
import type { Change, DatasetRecord, Meta, Resource, ResourceFields, ResourceKind } from './resource.ts'

/** All resources of one kind that an account has. */
export interface CollectionKey<Kind extends ResourceKind> {
  readonly account: AccountId
  readonly kind: Kind
}

export interface NewResource<Kind extends ResourceKind> {
  readonly id: ResourceId
  readonly fields: ResourceFields[Kind]
  /** A dataset's, in their order. */
  readonly records?: readonly DatasetRecord[]
}

export interface ResourceChange<Kind extends ResourceKind> {
  readonly fields: Change<ResourceFields[Kind]>
  /** A dataset's: they replace all that there are. */
  readonly records?: readonly DatasetRecord[]
  /** Only if nothing has changed since then, by `updatedAt`. */
  readonly ifUnchangedSince?: number
}

/** `taken`: the handle (see handle.ts) is that of another, which is the answer; nothing was written. */
export interface Written<Kind extends ResourceKind> {
  readonly outcome: 'written' | 'taken'
  readonly resource: Resource<Kind>
}

/** `stale`: something has changed since; nothing was written. Null: there is none. */
export type UpdateReply<Kind extends ResourceKind> = Written<Kind> | { readonly outcome: 'stale' } | null

export interface StoredPage<Item> {
  readonly items: readonly Item[]
  readonly hasMore: boolean
}

/**
 * What accounts keep. Each method is atomic, index and handle included; two updates of different fields both hold.
 * Throws UNAVAILABLE when the store cannot be reached.
 */
export interface ResourceStore {
  /** Sent again under the same id, it answers with what it wrote. */
  create<Kind extends ResourceKind>(
    collection: CollectionKey<Kind>,
    resource: NewResource<Kind>,
  ): Promise<Written<Kind>>
  /** In the order of `ids`; null where there is none. */
  find<Kind extends ResourceKind>(
    collection: CollectionKey<Kind>,
    ids: readonly ResourceId[],
  ): Promise<readonly (Resource<Kind> | null)[]>
  findByHandle<Kind extends ResourceKind>(
    collection: CollectionKey<Kind>,
    handle: string,
  ): Promise<Resource<Kind> | null>
  /** Newest first, those with a smaller `place` than `before` only: what is created meanwhile moves no page. */
  page<Kind extends ResourceKind>(
    collection: CollectionKey<Kind>,
    before: number | null,
    limit: number,
  ): Promise<StoredPage<Resource<Kind>>>
  update<Kind extends ResourceKind>(
    collection: CollectionKey<Kind>,
    id: ResourceId,
    change: ResourceChange<Kind>,
  ): Promise<UpdateReply<Kind>>
  /** With all that belongs to it. False: there was none. */
  remove(collection: CollectionKey<ResourceKind>, id: ResourceId): Promise<boolean>
}

export interface DatasetKey {
  readonly account: AccountId
  readonly dataset: ResourceId
}

/** What a dataset may hold. */
export interface RecordLimits {
  readonly records: number
  /** UTF-8 bytes of texts and metas, as JSON. */
  readonly bytes: number
}

export interface RecordChange {
  readonly text: string
  /** Absent: as it was. */
  readonly meta?: Meta | null
}

/** `full`: a limit would be passed; nothing was written. `missing`: there is no such dataset, or no such record in it. */
export type RecordReply =
  | { readonly outcome: 'written'; readonly record: DatasetRecord }
  | { readonly outcome: 'full' | 'missing' }

export interface PlacedRecord extends DatasetRecord {
  /** Grows in the order in which a dataset's records were given. */
  readonly place: number
}

/** The records of datasets, one by one. A change of one is a change of its dataset: `updatedAt` grows. */
export interface RecordStore {
  /** Oldest first, behind `after`; of one moment. Empty where there is no dataset. */
  page(key: DatasetKey, after: number | null, limit: number): Promise<StoredPage<PlacedRecord>>
  add(key: DatasetKey, record: DatasetRecord, limits: RecordLimits): Promise<RecordReply>
  update(
    key: DatasetKey,
    id: ResourceId,
    change: RecordChange & { readonly limits: RecordLimits },
  ): Promise<RecordReply>
  remove(key: DatasetKey, id: ResourceId): Promise<boolean>
}
