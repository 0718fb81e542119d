import type { AccountId, ResourceId } from '../../kernel/ids.ts'
import type { DatasetRecord, ResourceKind } from '../../store/resource.ts'
import { encodeRecord } from '../../store/resource-codec.ts'

/** A collection of the embedded engine. It holds JSON, as Redis does, so that no caller shares an object with the store. */
export interface MemoryCollections {
  readonly clock: () => number
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

export function createMemoryCollections(clock: () => number): MemoryCollections {
  return { clock, collections: new Map() }
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

export function bytesOf({ text, meta }: MemoryRecord): number {
  return Buffer.byteLength(text) + Buffer.byteLength(meta)
}
