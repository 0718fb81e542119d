import type { ResourceId } from '../kernel/ids.ts'
import { parseJson, stringifyJson } from '../kernel/json.ts'
import type { Change, DatasetRecord, Meta, Resource, ResourceFields, ResourceKind } from './resource.ts'

/** Encodes each field as JSON separately, so that a store can change one without reading the others. */
export function encodeFields(fields: Change<ResourceFields[ResourceKind]>): readonly (readonly [string, string])[] {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [`${prefix}${name}`, stringifyJson(value)])
}

/** Separates the names of fields from the store's own keys. */
const prefix = 'f:'

/** Decodes a stored resource. Null if there is none. */
export function decodeResource<Kind extends ResourceKind>(
  stored: Readonly<Record<string, string>>,
): Resource<Kind> | null {
  const { id, place, createdAt, updatedAt } = stored
  if (id === undefined) return null
  const fields = Object.entries(stored)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, json]) => [name.slice(prefix.length), parseJson(json)])
  return {
    // encodeFields wrote these, in a collection of this kind only.
    ...(Object.fromEntries(fields) as ResourceFields[Kind]),
    id: id as ResourceId,
    place: Number(place),
    createdAt: Number(createdAt),
    updatedAt: Number(updatedAt),
  }
}

/** Encodes the text and meta of a record as JSON. Empty text for no meta. */
export function encodeRecord({ text, meta }: Pick<DatasetRecord, 'text' | 'meta'>): readonly [string, string] {
  return [stringifyJson(text), encodeMeta(meta)]
}

export function encodeMeta(meta: Meta | null): string {
  return meta === null ? '' : stringifyJson(meta)
}

export function decodeRecord(id: string, text: string, meta: string): DatasetRecord {
  return {
    id: id as ResourceId,
    text: parseJson(text) as string,
    meta: meta === '' ? null : (parseJson(meta) as Meta),
  }
}
