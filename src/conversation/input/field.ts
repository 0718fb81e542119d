import { z } from 'zod'
import { parseChannelId, parseConversationId } from '../../kernel/ids.ts'

/** Null and absent mean the same, so a retry with either is the same request. */
export function orNull<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => value ?? null)
}

export function characters(most: number) {
  return z.string().refine(({ length }) => length >= 1 && length <= most, `takes 1 to ${most} characters`)
}

export function wholeNumber(from: number, to: number) {
  return z.int().refine((value) => value >= from && value <= to, `takes a whole number from ${from} to ${to}`)
}

export const channelId = z.string().transform((text, context) => {
  const id = parseChannelId(text)
  if (id !== null) return id
  context.addIssue({ code: 'custom', message: 'takes 16 to 128 of A-Z a-z 0-9 _ -' })
  return z.NEVER
})

export const conversationId = z.string().transform((text, context) => {
  const id = parseConversationId(text)
  if (id !== null) return id
  context.addIssue({ code: 'custom', message: 'takes 16 to 128 of A-Z a-z 0-9 _ -' })
  return z.NEVER
})

/** UTF-16 code units of one text. */
export const longestText = 1_000_000
/** Nesting of objects and arrays in a `meta`. */
export const deepestMeta = 100

export const text = atMost(longestText)

/** A caller's own data, stored unchanged. */
export const meta = z
  .record(z.string(), z.unknown())
  .refine((value) => !isDeeper(value, deepestMeta), `takes at most ${deepestMeta} levels`)

export function atMost(most: number) {
  return z.string().max(most, `takes at most ${most} characters`)
}

/** Counts before anything is checked: 8 MB can hold a quarter of a million items, and checking those takes seconds. */
export function counted(most: number, nouns: string) {
  return z.array(z.unknown()).max(most, `takes at most ${most} ${nouns}`)
}

/** Whether objects and arrays are nested deeper than `levels`. Writing JSON recurses, so depth must be bounded. */
export function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1))
}
