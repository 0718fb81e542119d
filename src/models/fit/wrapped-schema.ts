import { mapSchema, type Schema } from '../../conversation/schema/walk.ts'

/** The keywords that providers refuse at the top of a function's schema. */
const conditions = ['anyOf', 'oneOf', 'allOf', 'not', 'enum', 'const', '$ref', 'if'] as const

export function hasConditions(schema: Schema): boolean {
  return conditions.some((keyword) => Object.hasOwn(schema, keyword))
}

/**
 * Makes the whole schema the only property of another, under a name that it does not use itself. Definitions stay where
 * they are; references to the whole, and into its properties, are changed to their new place.
 */
export function wrappedSchema(schema: Schema, name: string): Schema {
  const { $defs, definitions, ...inner } = mapSchema(schema, (each) => {
    const { $ref } = each
    if (typeof $ref !== 'string' || !/^#(\/|$)/.test($ref) || /^#\/(\$defs|definitions)\//.test($ref)) return each
    return { ...each, $ref: `#/properties/${name}${$ref.slice(1)}` }
  })
  return {
    type: 'object',
    properties: { [name]: inner },
    required: [name],
    ...($defs !== undefined && { $defs }),
    ...(definitions !== undefined && { definitions }),
  }
}

/** A name for that property. */
export function wrapperName(names: ReadonlySet<string>): string {
  let name = 'input'
  for (let number = 2; names.has(name); number++) name = `input_${number}`
  return name
}
