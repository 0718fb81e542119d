import type { ResourceId } from '../../kernel/ids.ts'
import { handleOf } from '../../store/handle.ts'
import type { DatasetRecord, Resource, ResourceKind } from '../../store/resource.ts'
import { decodeResource, encodeFields } from '../../store/resource-codec.ts'
import type { ResourceStore, Written } from '../../store/store.ts'
import {
  addRecord,
  collectionOf,
  growthBy,
  holdItem,
  type MemoryCollection,
  type MemoryCollections,
  type MemoryItem,
  requireRoom,
  touch,
} from './collection.ts'

/** Each method is atomic because nothing in it awaits. */
export function createMemoryStore(memory: MemoryCollections): ResourceStore {
  return {
    async create({ account, kind }, { id, fields, records = [] }) {
      const collection = collectionOf(memory, account, kind)
      const known = collection.items.get(id)
      if (known !== undefined) return written(known)
      const handle = handleOf(kind, fields) ?? null
      const other = holderOf(collection, handle)
      if (other !== undefined) return { outcome: 'taken', resource: decode(other) }
      const encoded = encodeFields(fields)
      requireRoom(memory, account, growthBy(null, encoded, records))
      collection.lastPlace += 1
      const at = String(memory.clock())
      const item: MemoryItem = {
        place: collection.lastPlace,
        handle,
        fields: { id, place: String(collection.lastPlace), createdAt: at, updatedAt: at },
        records: new Map(),
        lastRecord: 0,
        bytes: 0,
      }
      if (handle !== null) collection.handles.set(handle, id)
      collection.items.set(id, item)
      write(item, encoded, records)
      holdItem(memory, account, id, item)
      return written(item)
    },

    async find({ account, kind }, ids) {
      const { items } = collectionOf(memory, account, kind)
      return ids.map((id) => decodeOrNull(items.get(id)))
    },

    async findByHandle({ account, kind }, handle) {
      return decodeOrNull(holderOf(collectionOf(memory, account, kind), handle))
    },

    async page({ account, kind }, before, limit) {
      const { items } = collectionOf(memory, account, kind)
      const older = [...items.values()].filter(({ place }) => before === null || place < before)
      return {
        items: older
          .slice(Math.max(0, older.length - limit))
          .reverse()
          .map((item) => decode(item)),
        hasMore: older.length > limit,
      }
    },

    async update({ account, kind }, id, { fields, records, ifUnchangedSince }) {
      const collection = collectionOf(memory, account, kind)
      const item = collection.items.get(id)
      if (item === undefined) return null
      if (ifUnchangedSince !== undefined && item.fields['updatedAt'] !== String(ifUnchangedSince)) {
        return { outcome: 'stale' }
      }
      const handle = handleOf(kind, fields)
      if (handle !== undefined && handle !== item.handle) {
        const other = holderOf(collection, handle)
        if (other !== undefined) return { outcome: 'taken', resource: decode(other) }
      }
      const encoded = encodeFields(fields)
      requireRoom(memory, account, growthBy(item, encoded, records))
      if (handle !== undefined && handle !== item.handle) rename(collection, { id, item, handle })
      if (records !== undefined) {
        item.records.clear()
        item.bytes = 0
      }
      write(item, encoded, records ?? [])
      touch(memory, item)
      holdItem(memory, account, id, item)
      return written(item)
    },

    async remove({ account, kind }, id) {
      const collection = collectionOf(memory, account, kind)
      const item = collection.items.get(id)
      if (item === undefined) return false
      rename(collection, { id, item, handle: null })
      holdItem(memory, account, id, null)
      return collection.items.delete(id)
    },
  }
}

function holderOf(collection: MemoryCollection, handle: string | null): MemoryItem | undefined {
  const id = handle === null ? undefined : collection.handles.get(handle)
  return id === undefined ? undefined : collection.items.get(id)
}

interface Renaming {
  readonly id: ResourceId
  readonly item: MemoryItem
  readonly handle: string | null
}

function rename(collection: MemoryCollection, { id, item, handle }: Renaming): void {
  if (item.handle !== null) collection.handles.delete(item.handle)
  if (handle !== null) collection.handles.set(handle, id)
  item.handle = handle
}

function write(item: MemoryItem, fields: ReturnType<typeof encodeFields>, records: readonly DatasetRecord[]): void {
  for (const [name, json] of fields) item.fields[name] = json
  for (const record of records) addRecord(item, record)
}

function written<Kind extends ResourceKind>(item: MemoryItem): Written<Kind> {
  return { outcome: 'written', resource: decode(item) }
}

function decode<Kind extends ResourceKind>(item: MemoryItem): Resource<Kind> {
  const resource = decodeResource<Kind>(item.fields)
  if (resource === null) throw new Error('An item is made with its id.')
  return resource
}

function decodeOrNull<Kind extends ResourceKind>(item: MemoryItem | undefined): Resource<Kind> | null {
  return item === undefined ? null : decode<Kind>(item)
}
