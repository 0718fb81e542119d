import { z } from '@hono/zod-openapi'
import type { Stamps } from '../../../store/resource.ts'

export const optionalText = z.string().nullish()

/** The fields that all resources have. Times are in ms since 1970. */
export const stampFields = { id: z.string(), createdAt: z.int(), updatedAt: z.int() }

export const textField = z.string().optional()
export const metaView = z.record(z.string(), z.unknown()).optional()

type Told<Fields> = {
  [Name in keyof Fields as null extends Fields[Name] ? never : Exclude<Name, 'place'>]: Fields[Name]
} & {
  [Name in keyof Fields as null extends Fields[Name] ? Name : never]?: Exclude<Fields[Name], null>
}

/** Leaves out null fields, as the vendor does, and the internal `place`. */
export function told<Fields extends Stamps>(fields: Fields): Told<Fields> {
  const set = Object.entries(fields).filter(([name, value]) => value !== null && name !== 'place')
  // The same keys, except those that the type omits or makes optional.
  return Object.fromEntries(set) as Told<Fields>
}

/** Translates a page of resources, newest first, into a page of the list. */
export function pageOf<Item extends Stamps, View extends { readonly id: string }>(
  { items, hasMore }: { readonly items: readonly Item[]; readonly hasMore: boolean },
  view: (item: Item) => View,
) {
  return { items: items.map(view), next: hasMore ? (items.at(-1)?.place ?? null) : null }
}
