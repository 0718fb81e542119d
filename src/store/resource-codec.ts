import type { ResourceId } from '../kernel/ids.ts'
import type { Change, DatasetRecord, Meta, Resource, ResourceFields, ResourceKind } from './resource.ts'

/** Each field as JSON by itself, so that a store can change one without reading the others. */
export function encodeFields(fields: Change<ResourceFields[ResourceKind]>): readonly (readonly [string, string])[] {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [`${prefix}${name}`, JSON.stringify(value)])
}

/** Keeps a field's name apart from the store's own. */
const prefix = 'f:'

/** A stored resource; null when there is none. */
export function decodeResource<Kind extends ResourceKind>(
  stored: Readonly<Record<string, string>>,
): Resource<Kind> | null {
  const { id, place, createdAt, updatedAt } = stored
  if (id === undefined) return null
  const fields = Object.entries(stored)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, json]) => [name.slice(prefix.length), JSON.parse(json)])
  return {
    // Written by encodeFields, on a collection that holds no other kind.
    ...(Object.fromEntries(fields) as ResourceFields[Kind]),
    id: id as ResourceId,
    place: Number(place),
    createdAt: Number(createdAt),
    updatedAt: Number(updatedAt),
  }
}

/** A record's text and meta as JSON; no meta is empty. */
export function encodeRecord({ text, meta }: Pick<DatasetRecord, 'text' | 'meta'>): readonly [string, string] {
  return [JSON.stringify(text), encodeMeta(meta)]
}

export function encodeMeta(meta: Meta | null): string {
  return meta === null ? '' : JSON.stringify(meta)
}

export function decodeRecord(id: string, text: string, meta: string): DatasetRecord {
  return {
    id: id as ResourceId,
    text: JSON.parse(text) as string,
    meta: meta === '' ? null : (JSON.parse(meta) as Meta),
  }
}
