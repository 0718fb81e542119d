import type { AccountId, ResourceId } from '../../kernel/ids.ts'
import type { DatasetRecord, ResourceKind } from '../../store/resource.ts'
import { encodeRecord } from '../../store/resource-codec.ts'

/** What the embedded engine keeps, in the form that Redis does: JSON, so that no caller holds on to what is stored. */
export interface MemoryShelves {
  readonly clock: () => number
  readonly shelves: Map<string, MemoryShelf>
}

export interface MemoryShelf {
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

export function createMemoryShelves(clock: () => number): MemoryShelves {
  return { clock, shelves: new Map() }
}

export function shelfOf({ shelves }: MemoryShelves, account: AccountId, kind: ResourceKind): MemoryShelf {
  const name = `${account}/${kind}`
  const shelf = shelves.get(name) ?? { items: new Map(), handles: new Map(), lastPlace: 0 }
  shelves.set(name, shelf)
  return shelf
}

/** Never the same time twice, however quick the changes. */
export function touch({ clock }: MemoryShelves, { fields }: MemoryItem): void {
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
