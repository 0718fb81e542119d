import { isRecord, mapSchema, type Path, type Schema } from '../../conversation/schema/walk.ts'

/** Where a schema need not say of what type it is. */
const untyped: readonly unknown[] = [
  'additionalProperties',
  'not',
  'contains',
  'propertyNames',
  'unevaluatedProperties',
]

/**
 * The schema in Moonshot's words: each names one type, in each alternative instead of beside them; nothing stands beside
 * a reference; there are no conditions. Arguments are checked against the caller's schema, so the model is only told less.
 */
export function typedSchema(schema: Schema): Schema {
  return mapSchema(schema, (each, path) => {
    const { if: _if, then: _then, else: _else, ...told } = each
    if (typeof told['$ref'] === 'string') return referenceAlone(told)
    for (const union of ['anyOf', 'oneOf'] as const) {
      const alternatives = told[union]
      if (Array.isArray(alternatives)) return withTypesInside(told, union, alternatives)
    }
    return isTypeMissing(told, path) ? { type: typeOf(told), ...told } : told
  })
}

function referenceAlone({ $ref, $defs, definitions }: Schema): Schema {
  return { $ref, ...($defs !== undefined && { $defs }), ...(definitions !== undefined && { definitions }) }
}

function isTypeMissing(schema: Schema, path: Path): boolean {
  return schema['type'] === undefined && schema['allOf'] === undefined && !untyped.includes(path.at(-1))
}

/** What stands beside alternatives moves into each of them. */
function withTypesInside(schema: Schema, union: 'anyOf' | 'oneOf', alternatives: readonly unknown[]): Schema {
  const { type, properties, required, additionalProperties, ...beside } = schema
  const outer = { properties, required, additionalProperties }
  const inside = alternatives.map((each): unknown => {
    if (!isRecord(each) || typeof each['$ref'] === 'string') return each
    // The outer type corrects one that was guessed inside.
    const typed = typeof type === 'string' && !isUnion(each) ? { ...each, type } : each
    return [typed['type']].flat().includes('object') ? withOuter(typed, outer) : typed
  })
  return { ...beside, [union]: inside }
}

function isUnion(schema: Schema): boolean {
  return ['anyOf', 'oneOf', 'allOf'].some((keyword) => keyword in schema)
}

function withOuter(schema: Schema, outer: { readonly [keyword: string]: unknown }): Schema {
  const properties = { ...fields(outer['properties']), ...fields(schema['properties']) }
  const required = [...new Set([...list(outer['required']), ...list(schema['required'])])]
  const additionalProperties = schema['additionalProperties'] ?? outer['additionalProperties']
  return {
    ...schema,
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required }),
    ...(additionalProperties !== undefined && { additionalProperties }),
  }
}

function fields(value: unknown): object {
  return isRecord(value) ? value : {}
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

const hints: readonly (readonly [keywords: readonly string[], type: string])[] = [
  [['properties', 'required', 'additionalProperties', 'patternProperties'], 'object'],
  [['items', 'prefixItems', 'minItems', 'maxItems'], 'array'],
  [['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'], 'number'],
]

/** By its values or its keywords; a schema that takes anything is told as a text. */
function typeOf(schema: Schema): string {
  const values = 'const' in schema ? [schema['const']] : list(schema['enum'])
  const types = new Set(values.map(typeOfValue))
  if (types.size === 1) return [...types].join('')
  return hints.find(([keywords]) => keywords.some((keyword) => keyword in schema))?.[1] ?? 'string'
}

function typeOfValue(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'bigint' || Number.isInteger(value)) return 'integer'
  return typeof value === 'object' ? 'object' : typeof value
}
