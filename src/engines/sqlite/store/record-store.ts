import { recordBytes } from '../../../conversation/dataset.ts'
import type { ResourceId } from '../../../kernel/ids.ts'
import { stringifyJson } from '../../../kernel/json.ts'
import { decodeRecord, encodeMeta } from '../../../store/resource-codec.ts'
import type { DatasetKey, RecordStore } from '../../../store/store.ts'
import type { Database } from '../database/group-commit.ts'
import type { Ledger } from '../limits/ledger.ts'
import { addRecord, bytesOf, findItem, growthByRecord, type ItemRow, saveItem, touched } from './items.ts'

interface RecordRow {
  readonly id: string
  readonly place: number
  readonly text: string
  readonly meta: string
}

export function createEmbeddedRecordStore(database: Database, ledger: Ledger, clock: () => number): RecordStore {
  const { command, read, sql } = database
  const findDataset = ({ account, dataset }: DatasetKey) => findItem(sql, account, 'dataset', dataset)
  const findRecord = (item: ItemRow, id: ResourceId) =>
    sql.one<RecordRow>('SELECT id, place, text, meta FROM record WHERE item = ? AND id = ?', item.id, id)

  return {
    page: (key, after, limit) =>
      read(() => {
        const item = findDataset(key)
        const rows =
          item === null
            ? []
            : sql.all<RecordRow>(
                'SELECT id, place, text, meta FROM record WHERE item = ? AND place > ? ORDER BY place LIMIT ?',
                ...[item.id, after ?? 0, limit + 1],
              )
        return {
          items: rows.slice(0, limit).map(({ id, text, meta, place }) => ({ ...decodeRecord(id, text, meta), place })),
          hasMore: rows.length > limit,
        }
      }),

    add: (key, record, limits) =>
      command(() => {
        const item = findDataset(key)
        if (item === null) return { outcome: 'missing' }
        if (item.records >= limits.records || item.recordBytes + recordBytes(record) > limits.bytes) {
          return { outcome: 'full' }
        }
        ledger.requireRoom(key.account, growthByRecord(record))
        saveItem(sql, touched(addRecord(sql, item, record), clock()))
        return { outcome: 'written', record }
      }),

    update: (key, id, { text, meta, limits }) =>
      command(() => {
        const item = findDataset(key)
        const known = item === null ? null : findRecord(item, id)
        if (item === null || known === null) return { outcome: 'missing' }
        const next = { text: stringifyJson(text), meta: meta === undefined ? known.meta : encodeMeta(meta) }
        const growth = bytesOf(next) - bytesOf(known)
        if (growth > 0 && item.recordBytes + growth > limits.bytes) return { outcome: 'full' }
        ledger.requireRoom(key.account, growth)
        sql.run(
          'UPDATE record SET text = ?, meta = ? WHERE item = ? AND place = ?',
          next.text,
          next.meta,
          item.id,
          known.place,
        )
        saveItem(sql, touched({ ...item, recordBytes: item.recordBytes + growth }, clock()))
        return { outcome: 'written', record: decodeRecord(id, next.text, next.meta) }
      }),

    remove: (key, id) =>
      command(() => {
        const item = findDataset(key)
        const known = item === null ? null : findRecord(item, id)
        if (item === null || known === null) return false
        sql.run('DELETE FROM record WHERE item = ? AND place = ?', item.id, known.place)
        const recordBytes = item.recordBytes - bytesOf(known)
        saveItem(sql, touched({ ...item, records: item.records - 1, recordBytes }, clock()))
        return true
      }),
  }
}
