import { plainSchema } from './plain-schema.ts'
import { isRecord, resolvePointer, type Schema } from './walk.ts'

/** Whether a schema describes objects: by its type, by keywords for objects, or because all of its alternatives do. */
export function describesObject(schema: Schema): boolean {
  // Most say so at once.
  if (schema['type'] === 'object' && schema['nullable'] === undefined) return true
  const whole = plainSchema(schema)
  return isOfObjects(whole, { whole, left: mostSteps }, 0)
}

/** References can multiply at every level. */
const mostSteps = 10_000

interface Search {
  readonly whole: Schema
  /** How many more parts may be looked at. */
  left: number
}

function isOfObjects(schema: unknown, search: Search, depth: number): boolean {
  search.left -= 1
  if (!isRecord(schema) || depth > 20 || search.left < 0) return false
  const { type, $ref, anyOf, oneOf, allOf } = schema
  if (type !== undefined) return type === 'object'
  if (isRecord(schema['properties'])) return true
  const isOne = (each: unknown) => isOfObjects(each, search, depth + 1)
  if (typeof $ref === 'string') return isOne(resolvePointer(search.whole, $ref))
  const alternatives = anyOf ?? oneOf
  if (Array.isArray(alternatives)) return alternatives.length > 0 && alternatives.every(isOne)
  return Array.isArray(allOf) && allOf.some(isOne)
}
