import { accountIsFull } from '../../dispatch/limits/stored-bytes.ts'
import type { AccountId, ResourceId } from '../../kernel/ids.ts'
import type { DatasetRecord, ResourceKind } from '../../store/resource.ts'
import { encodeRecord } from '../../store/resource-codec.ts'
import type { MemoryLedger } from './ledger.ts'

/** A collection of the embedded engine. It holds JSON, as Redis does, so that no caller shares an object with the store. */
export interface MemoryCollections {
  readonly clock: () => number
  readonly ledger: MemoryLedger
  readonly collections: Map<string, MemoryCollection>
}

export interface MemoryCollection {
  /** Oldest first: a Map keeps the order of insertion. */
  readonly items: Map<ResourceId, MemoryItem>
  readonly handles: Map<string, ResourceId>
  lastPlace: number
}

export interface MemoryItem {
  readonly place: number
  handle: string | null
  readonly fields: Record<string, string>
  readonly records: Map<ResourceId, MemoryRecord>
  lastRecord: number
  bytes: number
}

export interface MemoryRecord {
  readonly place: number
  readonly text: string
  readonly meta: string
}

export function createMemoryCollections(clock: () => number, ledger: MemoryLedger): MemoryCollections {
  return { clock, ledger, collections: new Map() }
}

export function collectionOf(
  { collections }: MemoryCollections,
  account: AccountId,
  kind: ResourceKind,
): MemoryCollection {
  const name = `${account}/${kind}`
  const collection = collections.get(name) ?? { items: new Map(), handles: new Map(), lastPlace: 0 }
  collections.set(name, collection)
  return collection
}

/** Strictly increasing, even for changes within one millisecond. */
export function touch({ clock }: MemoryCollections, { fields }: MemoryItem): void {
  fields['updatedAt'] = String(Math.max(clock(), Number(fields['updatedAt']) + 1))
}

export function addRecord(item: MemoryItem, record: DatasetRecord): MemoryRecord {
  const [text, meta] = encodeRecord(record)
  item.lastRecord += 1
  const stored = { place: item.lastRecord, text, meta }
  item.bytes += bytesOf(stored)
  item.records.set(record.id, stored)
  return stored
}

/** What an item and a record cost beside their texts, about. */
const itemBytes = 400
const recordBytes = 200

/** Tells the account's ledger what the item holds now; null: it has been deleted. */
export function holdItem(
  { ledger }: MemoryCollections,
  account: AccountId,
  id: ResourceId,
  item: MemoryItem | null,
): void {
  ledger.hold(account, `resource ${id}`, item === null ? 0 : sizeOf(item))
}

function sizeOf({ fields, records, bytes }: MemoryItem): number {
  const ofFields = Object.entries(fields).reduce((sum, [name, json]) => sum + name.length + json.length, 0)
  return itemBytes + ofFields + bytes + recordBytes * records.size
}

/** By how much the content is larger than what it replaces. */
export function growthBy(
  item: MemoryItem | null,
  fields: readonly (readonly [name: string, json: string])[],
  records: readonly DatasetRecord[] | undefined,
): number {
  const ofFields = fields.reduce((sum, [name, json]) => sum + json.length - (item?.fields[name]?.length ?? 0), 0)
  const ofRecords = records?.reduce((sum, record) => sum + growthByRecord(record), 0) ?? 0
  const replaced = item === null || records === undefined ? 0 : item.bytes + recordBytes * item.records.size
  return ofFields + ofRecords - replaced
}

export function growthByRecord(record: DatasetRecord): number {
  const [text, meta] = encodeRecord(record)
  return recordBytes + Buffer.byteLength(text) + Buffer.byteLength(meta)
}

/** Throws LIMIT_EXCEEDED if the account has no room for more than it holds. What does not grow always has room. */
export function requireRoom({ ledger }: MemoryCollections, account: AccountId, growth: number): void {
  if (growth > 0 && ledger.isFull(account, growth)) throw accountIsFull()
}

export function bytesOf({ text, meta }: MemoryRecord): number {
  return Buffer.byteLength(text) + Buffer.byteLength(meta)
}
