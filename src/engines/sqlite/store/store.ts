import type { AccountId, ResourceId } from '../../../kernel/ids.ts'
import { stringifyJson } from '../../../kernel/json.ts'
import { handleOf } from '../../../store/handle.ts'
import type { DatasetRecord, ResourceKind } from '../../../store/resource.ts'
import { encodeFields } from '../../../store/resource-codec.ts'
import type {
  CollectionKey,
  NewResource,
  ResourceChange,
  ResourceStore,
  UpdateReply,
  Written,
} from '../../../store/store.ts'
import type { Database } from '../database/group-commit.ts'
import type { Ledger } from '../limits/ledger.ts'
import {
  addRecord,
  encodeItemFields,
  fieldsOf,
  findItem,
  growthByRecord,
  type ItemRow,
  itemColumns,
  saveItem,
  sizeOf,
  toResource,
  touched,
} from './items.ts'

export function createEmbeddedStore(database: Database, ledger: Ledger, clock: () => number): ResourceStore {
  const { command, read, sql } = database

  const holderOf = (account: AccountId, kind: ResourceKind, handle: string | null): ItemRow | null =>
    handle === null
      ? null
      : sql.one<ItemRow>(
          `SELECT ${itemColumns} FROM item WHERE account = ? AND kind = ? AND handle = ?`,
          ...[account, kind, encodeHandle(handle)],
        )
  const insert = (account: AccountId, kind: ResourceKind, resource: ResourceId, content: Content): ItemRow => {
    const { handle, fields } = content
    const now = clock()
    const made = sql.one<ItemRow>(
      `INSERT INTO item (account, kind, resource, handle, fields, createdAt, updatedAt, records, lastRecord, recordBytes, bytes)
        VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0) RETURNING ${itemColumns}`,
      ...[account, kind, resource, handle === null ? null : encodeHandle(handle), fields, now, now],
    )
    if (made === null) throw new Error('An inserted row is returned.')
    return made
  }
  const withRecords = (item: ItemRow, records: readonly DatasetRecord[]) =>
    records.reduce((grown, record) => addRecord(sql, grown, record), item)

  const create = <Kind extends ResourceKind>(
    { account, kind }: CollectionKey<Kind>,
    { id, fields, records = [] }: NewResource<Kind>,
  ): Written<Kind> => {
    const known = findItem(sql, account, kind, id)
    if (known !== null) return written(known)
    const handle = handleOf(kind, fields) ?? null
    const other = holderOf(account, kind, handle)
    if (other !== null) return { outcome: 'taken', resource: toResource(other) }
    const encoded = encodeItemFields(Object.fromEntries(encodeFields(fields)))
    ledger.requireRoom(account, Buffer.byteLength(encoded) + sumOf(records))
    const item = withRecords(insert(account, kind, id, { handle, fields: encoded }), records)
    saveItem(sql, item)
    return written(item)
  }

  const update = <Kind extends ResourceKind>(
    { account, kind }: CollectionKey<Kind>,
    id: ResourceId,
    { fields, records, ifUnchangedSince }: ResourceChange<Kind>,
  ): UpdateReply<Kind> => {
    const item = findItem(sql, account, kind, id)
    if (item === null) return null
    if (ifUnchangedSince !== undefined && item.updatedAt !== ifUnchangedSince) return { outcome: 'stale' }
    const handle = handleOf(kind, fields)
    const changed = handle === undefined ? item.handle : handle === null ? null : encodeHandle(handle)
    if (handle !== undefined && changed !== item.handle) {
      const other = holderOf(account, kind, handle)
      if (other !== null) return { outcome: 'taken', resource: toResource(other) }
    }
    const encoded = encodeItemFields({ ...fieldsOf(item), ...Object.fromEntries(encodeFields(fields)) })
    const kept = records === undefined ? item : { ...item, records: 0, recordBytes: 0 }
    const after = { ...kept, fields: encoded, handle: changed }
    ledger.requireRoom(account, sizeOf(after) + sumOf(records ?? []) - sizeOf(item))
    if (records !== undefined) sql.run('DELETE FROM record WHERE item = ?', item.id)
    const next = touched(withRecords(after, records ?? []), clock())
    saveItem(sql, next)
    return written(next)
  }

  return {
    create: (collection, resource) => command(() => create(collection, resource)),
    find: ({ account, kind }, ids) =>
      read(() =>
        ids.map((id) => {
          const item = findItem(sql, account, kind, id)
          return item === null ? null : toResource<typeof kind>(item)
        }),
      ),
    findByHandle: ({ account, kind }, handle) =>
      read(() => {
        const item = holderOf(account, kind, handle)
        return item === null ? null : toResource<typeof kind>(item)
      }),
    page: ({ account, kind }, before, limit) =>
      read(() => {
        const rows = sql.all<ItemRow>(
          `SELECT ${itemColumns} FROM item WHERE account = ? AND kind = ? AND id < ? ORDER BY id DESC LIMIT ?`,
          ...[account, kind, before ?? Number.MAX_SAFE_INTEGER, limit + 1],
        )
        return { items: rows.slice(0, limit).map((row) => toResource<typeof kind>(row)), hasMore: rows.length > limit }
      }),
    update: (collection, id, change) => command(() => update(collection, id, change)),
    remove: ({ account, kind }, id) =>
      command(() => {
        const item = findItem(sql, account, kind, id)
        if (item === null) return false
        sql.run('DELETE FROM record WHERE item = ?', item.id)
        return sql.run('DELETE FROM item WHERE id = ?', item.id) === 1
      }),
  }
}

interface Content {
  readonly handle: string | null
  readonly fields: string
}

/** As JSON, because a handle may have any characters, even half a pair. */
function encodeHandle(handle: string): string {
  return stringifyJson(handle)
}

function sumOf(records: readonly DatasetRecord[]): number {
  return records.reduce((sum, record) => sum + growthByRecord(record), 0)
}

function written<Kind extends ResourceKind>(item: ItemRow): Written<Kind> {
  return { outcome: 'written', resource: toResource(item) }
}
