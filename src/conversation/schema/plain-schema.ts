import { isRecord, mapSchema, resolvePointer, type Schema } from './walk.ts'

/**
 * The schema without parts that only its author's tools need: `$schema`, its own id (references by that id become local),
 * and ajv's `$async`. OpenAPI's `nullable`, which appears in schemas of every dialect, becomes a type. A schema that is only
 * a reference to one of its definitions, as generators write them, becomes that definition.
 */
export function plainSchema(schema: Schema): Schema {
  const { $schema: _dialect, $id, id, ...rest } = schema
  const own = [$id, id].find((name) => typeof name === 'string')?.replace(/#$/, '') ?? ''
  const kept = typeof id === 'string' || id === undefined ? rest : { ...rest, id }
  return unreferenced(mapSchema(kept, (each) => withoutNullable(withoutAsync(localized(each, own)))))
}

function localized(schema: Schema, own: string): Schema {
  const { $ref } = schema
  if (own === '' || typeof $ref !== 'string' || !($ref === own || $ref.startsWith(`${own}#`))) return schema
  return { ...schema, $ref: `#${$ref.slice(own.length + 1)}` }
}

function withoutAsync({ $async: _async, ...schema }: Schema): Schema {
  return schema
}

/** In place if possible, so that references into the schema stay valid. */
function withoutNullable({ nullable, ...schema }: Schema): Schema {
  if (typeof nullable !== 'boolean') return nullable === undefined ? schema : { ...schema, nullable }
  if (!nullable) return schema
  const { type, anyOf, oneOf, enum: values } = schema
  const union = Array.isArray(anyOf) ? 'anyOf' : Array.isArray(oneOf) ? 'oneOf' : null
  if (['$ref', 'allOf', 'not', 'const'].some((keyword) => Object.hasOwn(schema, keyword)) || (union && values)) {
    return { anyOf: [schema, { type: 'null' }] }
  }
  const types = type === undefined ? [] : [type].flat()
  return {
    ...schema,
    ...(types.length > 0 && { type: [...new Set([...types, 'null'])] }),
    ...(Array.isArray(values) && { enum: values.includes(null) ? values : [...values, null] }),
    ...(union !== null && { [union]: withNull(schema[union] as readonly unknown[]) }),
  }
}

function withNull(alternatives: readonly unknown[]): readonly unknown[] {
  const takesNull = alternatives.some((each) => isRecord(each) && [each['type']].flat().includes('null'))
  return takesNull ? alternatives : [...alternatives, { type: 'null' }]
}

const annotations = new Set(['$ref', '$defs', 'definitions', '$comment', 'title', 'description'])

function unreferenced(schema: Schema): Schema {
  let root = schema
  for (let steps = 0; steps < 10; steps++) {
    const { $ref, ...beside } = root
    if (typeof $ref !== 'string' || Object.keys(root).some((keyword) => !annotations.has(keyword))) return root
    const target = resolvePointer(schema, $ref)
    if (!isRecord(target) || target === root) return root
    root = { ...beside, ...target }
  }
  return root
}
