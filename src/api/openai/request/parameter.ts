import { z } from 'zod'

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

/** An object with these fields and no others; whatever else is given is refused by its name. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.object(shape).catchall(z.never('is not supported here'))
}
