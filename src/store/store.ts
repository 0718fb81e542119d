import type { AccountId, ResourceId } from '../kernel/ids.ts'
import type { Change, DatasetRecord, Meta, Resource, ResourceFields, ResourceKind } from './resource.ts'

/** Names all resources of one kind in one account. */
export interface CollectionKey<Kind extends ResourceKind> {
  readonly account: AccountId
  readonly kind: Kind
}

export interface NewResource<Kind extends ResourceKind> {
  readonly id: ResourceId
  readonly fields: ResourceFields[Kind]
  /** The records of a dataset, in order. */
  readonly records?: readonly DatasetRecord[]
}

export interface ResourceChange<Kind extends ResourceKind> {
  readonly fields: Change<ResourceFields[Kind]>
  /** The records that replace all existing ones of a dataset. */
  readonly records?: readonly DatasetRecord[]
  /** Writes only if `updatedAt` still has this value. */
  readonly ifUnchangedSince?: number
}

/** `taken`: another resource has the handle (see handle.ts). It is returned, and nothing was written. */
export interface Written<Kind extends ResourceKind> {
  readonly outcome: 'written' | 'taken'
  readonly resource: Resource<Kind>
}

/** `stale`: the resource has changed since, and nothing was written. Null: there is no such resource. */
export type UpdateReply<Kind extends ResourceKind> = Written<Kind> | { readonly outcome: 'stale' } | null

export interface StoredPage<Item> {
  readonly items: readonly Item[]
  readonly hasMore: boolean
}

/**
 * Stores the resources of accounts. Each method is atomic, including index and handle; two updates of different fields
 * both take effect. Throws UNAVAILABLE if the store cannot be reached, and LIMIT_EXCEEDED, with nothing written, if the account
 * has no room for what grows.
 */
export interface ResourceStore {
  /** Idempotent: repeating a create under the same id returns what the first one wrote. */
  create<Kind extends ResourceKind>(
    collection: CollectionKey<Kind>,
    resource: NewResource<Kind>,
  ): Promise<Written<Kind>>
  /** In the order of `ids`; null for each unknown id. */
  find<Kind extends ResourceKind>(
    collection: CollectionKey<Kind>,
    ids: readonly ResourceId[],
  ): Promise<readonly (Resource<Kind> | null)[]>
  findByHandle<Kind extends ResourceKind>(
    collection: CollectionKey<Kind>,
    handle: string,
  ): Promise<Resource<Kind> | null>
  /** Newest first, only those with a smaller `place` than `before`; so resources created meanwhile shift no page. */
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
  /** Removes the resource and everything that belongs to it. False: there was none. */
  remove(collection: CollectionKey<ResourceKind>, id: ResourceId): Promise<boolean>
}

export interface DatasetKey {
  readonly account: AccountId
  readonly dataset: ResourceId
}

/** The limits of a dataset. */
export interface RecordLimits {
  readonly records: number
  /** The size of all texts and metas as JSON, in UTF-8 bytes. */
  readonly bytes: number
}

export interface RecordChange {
  readonly text: string
  /** Absent: unchanged. */
  readonly meta?: Meta | null
}

/**
 * `full`: the write would exceed a limit, and nothing was written. `missing`: there is no such dataset, or no such
 * record in it.
 */
export type RecordReply =
  | { readonly outcome: 'written'; readonly record: DatasetRecord }
  | { readonly outcome: 'full' | 'missing' }

export interface PlacedRecord extends DatasetRecord {
  /** Increases in the order in which the records were added. */
  readonly place: number
}

/**
 * Stores the records of datasets. Changing a record changes its dataset: `updatedAt` grows. Throws LIMIT_EXCEEDED, with nothing
 * written, if the account has no room for what grows.
 */
export interface RecordStore {
  /** Oldest first, after `after`, in one consistent read. Empty for an unknown dataset. */
  page(key: DatasetKey, after: number | null, limit: number): Promise<StoredPage<PlacedRecord>>
  add(key: DatasetKey, record: DatasetRecord, limits: RecordLimits): Promise<RecordReply>
  update(
    key: DatasetKey,
    id: ResourceId,
    change: RecordChange & { readonly limits: RecordLimits },
  ): Promise<RecordReply>
  remove(key: DatasetKey, id: ResourceId): Promise<boolean>
}
