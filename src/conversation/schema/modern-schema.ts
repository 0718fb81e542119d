import { type Dialect, dialectOf } from './dialect.ts'
import { plainSchema } from './plain-schema.ts'
import { isRecord, mapSchema, type Schema } from './walk.ts'

/** The same schema in draft 2020-12, which models and their providers read. */
export function modernSchema(schema: Schema): Schema {
  const dialect = dialectOf(schema)
  const changes = [lonelyReference(dialect), modernItems, modernBounds, modernDependencies, modernReference, modernName]
  return mapSchema(plainSchema(schema), (each) => changes.reduce((before, change) => change(before), each))
}

/** Up to draft-07, and in OpenAPI 3.0, keywords beside `$ref` are ignored. */
function lonelyReference(dialect: Dialect) {
  const isLonely = ['draft-04', 'draft-06', 'draft-07', 'openapi-3.0'].includes(dialect)
  const kept = new Set(['$ref', 'definitions', '$defs', 'title', 'description', 'default', 'examples'])
  return (schema: Schema): Schema => {
    if (!isLonely || typeof schema['$ref'] !== 'string') return schema
    return Object.fromEntries(Object.entries(schema).filter(([keyword]) => kept.has(keyword)))
  }
}

/** Tuples were arrays in `items`, with `additionalItems` for the rest. */
function modernItems({ additionalItems, ...schema }: Schema): Schema {
  const { items, ...rest } = schema
  if (!Array.isArray(items)) return schema
  return { ...rest, prefixItems: items, ...(additionalItems !== undefined && { items: additionalItems }) }
}

/** Exclusive bounds were booleans beside the inclusive ones. */
function modernBounds(schema: Schema): Schema {
  return (['Minimum', 'Maximum'] as const).reduce<Schema>((before, bound) => {
    const { [`exclusive${bound}`]: mark, ...rest } = before
    if (typeof mark !== 'boolean') return before
    const inclusive = bound.toLowerCase()
    const { [inclusive]: value, ...others } = rest
    return mark && value !== undefined ? { ...others, [`exclusive${bound}`]: value } : rest
  }, schema)
}

function modernDependencies({ dependencies, ...schema }: Schema): Schema {
  if (!isRecord(dependencies)) return dependencies === undefined ? schema : { ...schema, dependencies }
  const entries = Object.entries(dependencies)
  const required = Object.fromEntries(entries.filter(([, value]) => Array.isArray(value)))
  const schemas = Object.fromEntries(entries.filter(([, value]) => !Array.isArray(value)))
  return {
    ...schema,
    ...(Object.keys(required).length > 0 && { dependentRequired: required }),
    ...(Object.keys(schemas).length > 0 && { dependentSchemas: schemas }),
  }
}

/** Reference paths through keywords that were renamed; and draft 2019-09's reference to the root. */
function modernReference({ $recursiveRef, $recursiveAnchor: _anchor, ...schema }: Schema): Schema {
  const given = schema['$ref'] ?? $recursiveRef
  return typeof given === 'string'
    ? { ...schema, $ref: given.replace(/\/items\/(?=\d+(\/|$))/g, '/prefixItems/') }
    : schema
}

/** Draft-04 names schemas by `id`, which later drafts do not know. */
function modernName({ id, ...schema }: Schema): Schema {
  return typeof id === 'string' || id === undefined ? schema : { ...schema, id }
}
