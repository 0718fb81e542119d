import { z } from 'zod'
import { badInput, type InputIssue } from '../../../kernel/errors.ts'

/** Null and absent mean the same. */
export function optional<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => value ?? null)
}

/** A parameter of which this server has nothing but these values, which are what it does anyway. */
export function only<const Value extends string | number | boolean>(...values: readonly [Value, ...Value[]]) {
  return z
    .literal(values, `takes nothing but ${values.map((value) => JSON.stringify(value)).join(' or ')} here`)
    .nullish()
}

/** A list of which this server has no item. */
export const onlyEmpty = z.array(z.unknown()).max(0, 'takes no items here').nullish()

/** A parameter without effect on the answer. */
export const hint = z.string().nullish()

/** What is wrong, each with its place. A field that the schema does not know is named itself. */
function issuesOf({ issues }: z.ZodError): readonly InputIssue[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }]
    return issue.keys.map((key) => ({ path: [...path, key], message: 'is not supported here' }))
  })
}

/** The value in its form. BAD_USER_INPUT names every wrong field. */
export function checked<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw badInput(issuesOf(result.error))
}

/** A text, or what the schema takes; what is wrong is told of that. */
export function textOr<Schema extends z.ZodType>(schema: Schema) {
  return z.unknown().transform((value, context): string | z.output<Schema> => {
    if (typeof value === 'string') return value
    const result = schema.safeParse(value)
    if (result.success) return result.data
    for (const { path, message } of issuesOf(result.error))
      context.addIssue({ code: 'custom', path: [...path], message })
    return z.NEVER
  })
}
