import type { Redis } from 'ioredis'
import { accountIsFull } from '../../../dispatch/limits/stored-bytes.ts'
import { decodeRecord, encodeMeta, encodeRecord } from '../../../store/resource-codec.ts'
import type { DatasetKey, PlacedRecord, RecordReply, RecordStore } from '../../../store/store.ts'
import type { ItemKey } from './store-script.ts'
import { storeScript } from './store-script.ts'

/** Each method is one script, in the cluster slot of the dataset's keys. */
/** @param accountBytes of all that an account has stored; 0: no limit */
export function createRedisRecordStore(redis: Redis, accountBytes: number): RecordStore {
  const page = storeScript(redis, 'page-records')
  const write = storeScript(redis, 'write-record')
  const remove = storeScript(redis, 'remove-record')

  return {
    async page(key, after, limit) {
      // One more than requested, to know whether there are more.
      const flat = (await page(itemKey(key), [after ?? 0, limit + 1])) as string[]
      const items: PlacedRecord[] = []
      for (let i = 0; i + 3 < flat.length && items.length < limit; i += 4) {
        const [id = '', place = '', text = '', meta = ''] = flat.slice(i, i + 4)
        items.push({ ...decodeRecord(id, text, meta), place: Number(place) })
      }
      return { items, hasMore: flat.length > 4 * limit }
    },

    async add(key, record, limits) {
      const [text, meta] = encodeRecord(record)
      const args = [record.id, 1, text, 1, meta, limits.records, limits.bytes, accountBytes]
      return toReply(record.id, await write(itemKey(key), args))
    },

    async update(key, id, { text, meta, limits }) {
      const args = [id, 0, JSON.stringify(text), meta === undefined ? 0 : 1, encodeMeta(meta ?? null)]
      return toReply(id, await write(itemKey(key), [...args, limits.records, limits.bytes, accountBytes]))
    },

    async remove(key, id) {
      return (await remove(itemKey(key), [id])) === 1
    },
  }
}

function itemKey({ account, dataset }: DatasetKey): ItemKey {
  return { account, kind: 'dataset', id: dataset }
}

function toReply(id: string, reply: unknown): RecordReply {
  const [outcome, text = '', meta = ''] = reply as ['written' | 'full' | 'missing' | 'account-full', string?, string?]
  if (outcome === 'account-full') throw accountIsFull()
  return outcome === 'written' ? { outcome, record: decodeRecord(id, text, meta) } : { outcome }
}
