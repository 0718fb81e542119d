import { findInSchema, type Schema } from './walk.ts'

/**
 * Keywords that look at each part of a value once for each part of the schema, and no more often. Not among them:
 * references, which can multiply; patterns, which can backtrack; `uniqueItems`, which compares all with all; and what
 * nobody knows, because the compiler looks for ids there.
 */
const simpleKeywords: ReadonlySet<string> = new Set(
  [
    'type enum const properties required additionalProperties minProperties maxProperties propertyNames',
    'items prefixItems contains minContains maxContains minItems maxItems dependentRequired',
    'minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum multipleOf',
    'anyOf oneOf allOf not if then else nullable definitions $defs',
    'title description default examples format deprecated readOnly writeOnly contentEncoding contentMediaType $comment',
  ].flatMap((line) => line.split(' ')),
)
const rootKeywords: ReadonlySet<string> = new Set(['$schema', '$id'])

/**
 * The size of a schema that is cheap to compile and to check by: its keywords, names and choices, counted. The compiler's
 * work grows with the size alone; a check's work with the size times that of the value. Null: nobody knows what it costs.
 */
export function simpleSize(schema: Schema): number | null {
  let size = 0
  const unknown = findInSchema(schema, (each, path) => {
    const keywords = Object.keys(each)
    size += 1 + keywords.length + [each['enum'], each['required']].flat().length
    const isSimple = (keyword: string) =>
      simpleKeywords.has(keyword) || (path.length === 0 && rootKeywords.has(keyword))
    return keywords.every(isSimple) ? null : true
  })
  return unknown === null ? size : null
}
