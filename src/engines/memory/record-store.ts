import { recordBytes } from '../../conversation/dataset.ts'
import type { ResourceId } from '../../kernel/ids.ts'
import { decodeRecord, encodeMeta } from '../../store/resource-codec.ts'
import type { DatasetKey, RecordStore } from '../../store/store.ts'
import {
  addRecord,
  bytesOf,
  collectionOf,
  growthByRecord,
  holdItem,
  type MemoryCollections,
  type MemoryItem,
  type MemoryRecord,
  requireRoom,
  touch,
} from './collection.ts'

/** On the collections of createMemoryStore. Each method is atomic because nothing in it awaits. */
export function createMemoryRecordStore(memory: MemoryCollections): RecordStore {
  const find = ({ account, dataset }: DatasetKey) => collectionOf(memory, account, 'dataset').items.get(dataset)

  return {
    async page(key, after, limit) {
      const newer = [...(find(key)?.records ?? [])].filter(([, { place }]) => place > (after ?? 0))
      return {
        items: newer.slice(0, limit).map(([id, { text, meta, place }]) => ({ ...decodeRecord(id, text, meta), place })),
        hasMore: newer.length > limit,
      }
    },

    async add(key, record, limits) {
      const item = find(key)
      if (item === undefined) return { outcome: 'missing' }
      if (item.records.size >= limits.records || item.bytes + recordBytes(record) > limits.bytes) {
        return { outcome: 'full' }
      }
      requireRoom(memory, key.account, growthByRecord(record))
      const { text, meta } = addRecord(item, record)
      touch(memory, item)
      holdItem(memory, key.account, key.dataset, item)
      return { outcome: 'written', record: decodeRecord(record.id, text, meta) }
    },

    async update(key, id, { text, meta, limits }) {
      const item = find(key)
      const known = item?.records.get(id)
      if (item === undefined || known === undefined) return { outcome: 'missing' }
      const next = { ...known, text: JSON.stringify(text), meta: meta === undefined ? known.meta : encodeMeta(meta) }
      const growth = bytesOf(next) - bytesOf(known)
      if (growth > 0 && item.bytes + growth > limits.bytes) return { outcome: 'full' }
      requireRoom(memory, key.account, growth)
      item.records.set(id, next)
      item.bytes += growth
      touch(memory, item)
      holdItem(memory, key.account, key.dataset, item)
      return { outcome: 'written', record: decodeRecord(id, next.text, next.meta) }
    },

    async remove(key, id) {
      const item = find(key)
      const known = item?.records.get(id)
      if (item === undefined || known === undefined) return false
      forget(item, id, known)
      touch(memory, item)
      holdItem(memory, key.account, key.dataset, item)
      return true
    },
  }
}

function forget(item: MemoryItem, id: ResourceId, known: MemoryRecord): void {
  item.records.delete(id)
  item.bytes -= bytesOf(known)
}
