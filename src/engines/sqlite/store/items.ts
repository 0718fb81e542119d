import type { AccountId, ResourceId } from '../../../kernel/ids.ts'
import { parseJson, stringifyJson } from '../../../kernel/json.ts'
import type { DatasetRecord, Resource, ResourceKind } from '../../../store/resource.ts'
import { decodeResource, encodeRecord } from '../../../store/resource-codec.ts'
import type { Statements } from '../database/statements.ts'

/** A resource as the database has it. `fields` is JSON of encoded fields: each is JSON again, so that one can change alone. */
export interface ItemRow {
  readonly id: number
  readonly resource: ResourceId
  readonly handle: string | null
  readonly fields: string
  readonly createdAt: number
  readonly updatedAt: number
  readonly records: number
  readonly lastRecord: number
  /** Of all texts and metas. */
  readonly recordBytes: number
}

export type Fields = Readonly<Record<string, string>>

export const itemColumns = 'id, resource, handle, fields, createdAt, updatedAt, records, lastRecord, recordBytes'

/** What an item and a record cost beside their texts, about. */
const itemBytes = 400
const bytesARecord = 200

export function findItem(sql: Statements, account: AccountId, kind: ResourceKind, id: ResourceId): ItemRow | null {
  return sql.one<ItemRow>(
    `SELECT ${itemColumns} FROM item WHERE account = ? AND kind = ? AND resource = ?`,
    account,
    kind,
    id,
  )
}

/** Writes what can change. */
export function saveItem(sql: Statements, item: ItemRow): void {
  const { handle, fields, updatedAt, records, lastRecord, recordBytes } = item
  sql.run(
    `UPDATE item SET handle = ?, fields = ?, updatedAt = ?, records = ?, lastRecord = ?, recordBytes = ?, bytes = ?
      WHERE id = ?`,
    ...[handle, fields, updatedAt, records, lastRecord, recordBytes, sizeOf(item), item.id],
  )
}

export function sizeOf({ fields, records, recordBytes }: Pick<ItemRow, 'fields' | 'records' | 'recordBytes'>): number {
  return itemBytes + Buffer.byteLength(fields) + recordBytes + bytesARecord * records
}

/** `updatedAt` grows strictly, even for changes within one millisecond. */
export function touched(item: ItemRow, now: number): ItemRow {
  return { ...item, updatedAt: Math.max(now, item.updatedAt + 1) }
}

/** Returns the item with the record. */
export function addRecord(sql: Statements, item: ItemRow, record: DatasetRecord): ItemRow {
  const [text, meta] = encodeRecord(record)
  const place = item.lastRecord + 1
  sql.run('INSERT INTO record VALUES (?, ?, ?, ?, ?)', item.id, place, record.id, text, meta)
  const recordBytes = item.recordBytes + bytesOf({ text, meta })
  return { ...item, records: item.records + 1, lastRecord: place, recordBytes }
}

export function bytesOf({ text, meta }: { readonly text: string; readonly meta: string }): number {
  return Buffer.byteLength(text) + Buffer.byteLength(meta)
}

export function growthByRecord(record: DatasetRecord): number {
  const [text, meta] = encodeRecord(record)
  return bytesARecord + bytesOf({ text, meta })
}

export function encodeItemFields(fields: Fields): string {
  return stringifyJson(fields)
}

export function fieldsOf({ fields }: Pick<ItemRow, 'fields'>): Fields {
  // encodeItemFields wrote it.
  return parseJson(fields) as Fields
}

export function toResource<Kind extends ResourceKind>(item: ItemRow): Resource<Kind> {
  const { id, resource, createdAt, updatedAt } = item
  const stored = { id: resource, place: String(id), createdAt: String(createdAt), updatedAt: String(updatedAt) }
  const decoded = decodeResource<Kind>({ ...fieldsOf(item), ...stored })
  if (decoded === null) throw new Error('An item has an id.')
  return decoded
}
