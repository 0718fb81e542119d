import type { ValidateFunction } from 'ajv'
import { cutText } from '../../kernel/cut-text.ts'
import { withRoundedNumbers } from '../../kernel/json.ts'
import { compilerOf, freshCompiler } from './compiler.ts'
import { dialectOf } from './dialect.ts'
import { modernSchema } from './modern-schema.ts'
import { plainSchema } from './plain-schema.ts'
import { problemIn, type SchemaProblem } from './schema-problem.ts'
import { findInSchema, type Schema } from './walk.ts'
import { OutOfTime, withinTime } from './within-time.ts'

/** Why a value violates the schema, for a person or a model to read. Null when it matches. */
export type SchemaCheck = (value: unknown) => string | null

/**
 * Compiles a caller's JSON Schema to a check, by the rules of the dialect that it names; without one, keywords of several
 * dialects are understood. Unknown keywords are ignored, and so are formats, which the specification defines as annotations.
 * For an invalid schema the problem says where and why; references to other documents are refused.
 */
export function compileJsonSchema(schema: Schema): { readonly check: SchemaCheck } | SchemaProblem {
  const dialect = dialectOf(schema)
  const isPutIntoModernWords = dialect === 'any' || dialect === 'openapi-3.0'
  const read = isPutIntoModernWords ? modernSchema(schema) : plainSchema(schema)
  const compiler = hasNamedParts(read) ? freshCompiler(dialect) : compilerOf(dialect)
  // With an id of its own, `#` refers to the whole schema.
  const named = { ...read, [dialect === 'draft-04' ? 'id' : '$id']: 'schema:whole' }
  try {
    const validate = withinTime(mostMs.compiling, () => compiler.compile(named))
    return { check: (value) => checked(validate, value) }
  } catch (error) {
    return problemIn(read, error, compiler.errors)
  } finally {
    // Ajv would keep every schema it compiles.
    compiler.removeSchema(named)
  }
}

function hasNamedParts(schema: Schema): boolean {
  const names = ['$id', 'id', '$anchor', '$dynamicAnchor']
  return findInSchema(schema, (each) => names.some((name) => typeof each[name] === 'string') || null) !== null
}

/**
 * References that double at every level, or a pattern that backtracks, may never end, and a worker that is blocked by one
 * loses all its runs.
 */
const mostMs = { compiling: 3000, checking: 1000 }

function checked(validate: ValidateFunction, value: unknown): string | null {
  // Ajv cannot check bigints; limits on numbers do not depend on their last digits.
  const rounded = withRoundedNumbers(value)
  try {
    return withinTime(mostMs.checking, () => validate(rounded)) ? null : wordsOf(validate)
  } catch (error) {
    if (error instanceof OutOfTime) return 'The arguments take too long to check against the schema.'
    throw error
  }
}

/** Nested alternatives can fail in millions of ways, and a model must read the result. */
const most = { errors: 10, characters: 1000 }

function wordsOf({ errors }: ValidateFunction): string {
  const words = (errors ?? [])
    .slice(0, most.errors)
    .map(({ instancePath, message = 'is wrong', params }) => {
      const unknown = (params as { additionalProperty?: string }).additionalProperty
      const about = unknown === undefined ? '' : `: ${unknown}`
      return `${instancePath === '' ? 'arguments' : `arguments${instancePath.replaceAll('/', '.')}`} ${message}${about}`
    })
    .join('; ')
  return cutText(words, most.characters)
}
