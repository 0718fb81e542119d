import type { ValidateFunction } from 'ajv'
import { cutText } from '../../kernel/cut-text.ts'
import { withRoundedNumbers } from '../../kernel/json.ts'
import { compileAlone, violationsOf } from './compiler.ts'
import { type Dialect, dialectOf } from './dialect.ts'
import { modernSchema } from './modern-schema.ts'
import { plainSchema } from './plain-schema.ts'
import { problemIn, type SchemaProblem, violation } from './schema-problem.ts'
import type { Schema } from './walk.ts'

/** Why a value violates the schema, for a person or a model to read. Null when it matches. */
export type SchemaCheck = (value: unknown) => string | null

/**
 * Compiles a caller's JSON Schema to a check, by the rules of the dialect that it names; without one, keywords of several
 * dialects are understood. Unknown keywords are ignored, and so are formats, which the specification defines as annotations.
 * For an invalid schema the problem says where and why; references to other documents are refused.
 *
 * Nothing bounds the time and memory of either: references may double at every level, and a pattern may backtrack. Only
 * simple schemas (simple-schema.ts) may be compiled in a process that has other work.
 */
export function compileJsonSchema(schema: Schema): { readonly check: SchemaCheck } | SchemaProblem {
  const { dialect, read } = reading(schema)
  const problem = problemOf(dialect, read)
  if (problem !== null) return problem
  try {
    const validate = compileAlone(dialect, read)
    // Nor can it check them; limits on numbers do not depend on their last digits.
    return { check: (value) => (validate(withRoundedNumbers(value)) ? null : wordsOf(validate)) }
  } catch (error) {
    return problemIn(read, error)
  }
}

/** What the schema's dialect finds wrong with it. A simple schema without such a problem can be compiled. */
export function dialectProblem(schema: Schema): SchemaProblem | null {
  const { dialect, read } = reading(schema)
  return problemOf(dialect, read)
}

function reading(schema: Schema): { readonly dialect: Dialect; readonly read: Schema } {
  const dialect = dialectOf(schema)
  const isPutIntoModernWords = dialect === 'any' || dialect === 'openapi-3.0'
  // Ajv cannot read bigints.
  const rounded = withRoundedNumbers(schema) as Schema
  const read = isPutIntoModernWords ? modernSchema(rounded) : plainSchema(rounded)
  // With an id of its own, `#` refers to the whole schema.
  return { dialect, read: { ...read, [dialect === 'draft-04' ? 'id' : '$id']: 'schema:whole' } }
}

function problemOf(dialect: Dialect, read: Schema): SchemaProblem | null {
  const violations = violationsOf(dialect, read)
  return violations.length === 0 ? null : violation(violations)
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
