import { z } from 'zod'
import { badInput } from '../errors.ts'
import { parseChannelId } from '../ids.ts'
import { messageTypes } from './message.ts'

/** What a caller may ask for. Bounds are inclusive. */
export const inputBounds = {
  messages: 1000,
  /** UTF-16 code units of the reason for a cancellation. */
  reason: 1000,
  /** UTF-16 code units of one text. */
  text: 1_000_000,
  messageId: 128,
  model: 500,
  /** Objects and arrays of a message's `meta` within each other: what writes it as JSON goes down by recursion. */
  metaDepth: 100,
  iterations: 1000,
  continuations: 1000,
  /** Two weeks; a timer of Node holds 24 days at most. */
  timeoutSeconds: 14 * 24 * 3600,
  notBeforeDays: 366,
} as const

const channelId = z.string().transform((text, context) => {
  const id = parseChannelId(text)
  if (id !== null) return id
  context.addIssue({ code: 'custom', message: 'takes 16 to 128 of A-Z a-z 0-9 _ -' })
  return z.NEVER
})

const text = z.string().max(inputBounds.text, `takes at most ${inputBounds.text} characters`)

const activity = z.object({
  type: z.enum(['request', 'response']),
  function: z.object({ name: z.string().min(1) }).loose(),
})

const message = z
  .object({
    id: orNull(characters(inputBounds.messageId)),
    type: z.enum(messageTypes),
    text,
    meta: orNull(
      z
        .record(z.string(), z.unknown())
        .refine((meta) => !isDeeper(meta, inputBounds.metaDepth), `takes at most ${inputBounds.metaDepth} levels`),
    ),
  })
  .superRefine(({ type, meta }, context) => {
    if (type !== 'activity') return
    const result = activity.safeParse(meta?.['activity'])
    if (result.success) return
    context.addIssue({
      code: 'custom',
      path: ['meta', 'activity'],
      message: 'an ACTIVITY message takes {type: "request" or "response", function: {name, arguments, result}} here',
    })
  })

function characters(most: number) {
  return z.string().refine(({ length }) => length >= 1 && length <= most, `takes 1 to ${most} characters`)
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1))
}

function wholeNumber(from: number, to: number) {
  return z.int().refine((value) => value >= from && value <= to, `takes a whole number from ${from} to ${to}`)
}

/** One shape for every facade. Null and absent mean the same, so that a retry with either is the same dispatch. */
const dispatchInput = z
  .object({
    // Counted first: looking at each of a quarter of a million, which 8 MB can hold, takes seconds.
    messages: z
      .array(z.unknown())
      .max(inputBounds.messages, `takes at most ${inputBounds.messages} messages`)
      .pipe(z.array(message)),
    continues: orNull(channelId),
    channelId: orNull(channelId),
    model: orNull(characters(inputBounds.model)),
    backstory: orNull(text),
    limits: z
      .object({
        iterations: orNull(wholeNumber(1, inputBounds.iterations)),
        continuations: orNull(wholeNumber(0, inputBounds.continuations)),
      })
      .nullish()
      .transform((limits) => limits ?? { iterations: null, continuations: null }),
    notBefore: orNull(z.date()),
    timeoutSeconds: orNull(wholeNumber(1, inputBounds.timeoutSeconds)),
  })
  .superRefine(({ messages, continues }, context) => {
    if (messages.length === 0 && continues === null) {
      context.addIssue({
        code: 'custom',
        path: ['messages'],
        message: 'takes at least one message, unless `continues` names a dispatch to go on from',
      })
    }
    const seen = new Set<string>()
    for (const [index, { id }] of messages.entries()) {
      if (id == null) continue
      if (seen.has(id)) {
        context.addIssue({ code: 'custom', path: ['messages', index, 'id'], message: 'another message has this id' })
      }
      seen.add(id)
    }
  })

export type DispatchInput = z.output<typeof dispatchInput>

/** Checks what a facade was given; throws BAD_USER_INPUT with the path of every field that is wrong. */
export function parseDispatchInput(input: unknown, path: readonly string[]): DispatchInput {
  const result = dispatchInput.safeParse(input)
  if (result.success) return result.data
  throw badInput(
    result.error.issues.map((issue) => ({
      path: [...path, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))],
      message: issue.message,
    })),
  )
}

function orNull<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => value ?? null)
}
