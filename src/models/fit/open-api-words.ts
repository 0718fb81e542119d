import { mapSchema, type Schema } from '../../conversation/schema/walk.ts'
import { stringifyJson } from '../../kernel/json.ts'

/**
 * The schema in the words that Gemini knows, as far as they say the same: lists of texts for `const`, inclusive bounds, and
 * for other lists of values a description. Arguments are checked against the caller's schema.
 */
export function openApiWords(schema: Schema): Schema {
  return mapSchema(schema, (each) => withInclusiveBounds(withTexts(each)))
}

function withTexts(schema: Schema): Schema {
  const { const: only, enum: listed, ...rest } = schema
  if (!('const' in schema) && !Array.isArray(listed)) return schema
  const values: readonly unknown[] = Array.isArray(listed) ? listed : [only]
  if (values.every((value) => typeof value === 'string')) return { ...rest, enum: values }
  const told = `One of: ${values.map(stringifyJson).join(', ')}.`
  return { ...rest, description: [rest['description'], told].filter(Boolean).join(' ') }
}

function withInclusiveBounds({ exclusiveMinimum, exclusiveMaximum, ...schema }: Schema): Schema {
  const step = schema['type'] === 'integer' ? 1 : 0
  return {
    ...schema,
    ...(typeof exclusiveMinimum === 'number' && { minimum: exclusiveMinimum + step }),
    ...(typeof exclusiveMaximum === 'number' && { maximum: exclusiveMaximum - step }),
  }
}
