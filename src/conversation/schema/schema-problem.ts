import type { ErrorObject } from 'ajv'
import { MissingRefError } from 'ajv'
import { findInSchema, type Path, type Schema } from './walk.ts'

/** Why a schema cannot be read, and the path to the place. */
export interface SchemaProblem {
  readonly problem: string
  readonly path: Path
}

/** Why the compiler refused a schema that its dialect allows. */
export function problemIn(schema: Schema, error: unknown): SchemaProblem {
  // The compiler recurses, and a schema of thousands of properties becomes one expression.
  if (error instanceof RangeError) return tooLarge
  const problem = error instanceof Error ? error.message : String(error)
  if (error instanceof MissingRefError) {
    const path = pathOf(schema, (each) => each['$ref'] === error.missingRef || isEndOf(error.missingRef, each['$ref']))
    return { problem: `there is nothing at the reference ${JSON.stringify(error.missingRef)}`, path: [...path, '$ref'] }
  }
  const badPattern = pathOf(schema, ({ pattern }) => typeof pattern === 'string' && !isPattern(pattern))
  return { problem, path: error instanceof SyntaxError ? badPattern : [] }
}

/** A schema that takes too much time or memory to compile. */
export const tooLarge: SchemaProblem = { problem: 'it is too large', path: [] }

/** What a dialect finds wrong. If several alternatives were tried, the last error is a summary; the first says what is wrong. */
export function violation([first]: readonly ErrorObject[]): SchemaProblem {
  const allowed = (first?.params as { readonly allowedValues?: readonly unknown[] } | undefined)?.allowedValues
  const words = `${first?.message ?? 'is wrong'}${allowed === undefined ? '' : `: ${allowed.join(', ')}`}`
  return { problem: words, path: first?.instancePath.split('/').slice(1).map(unescaped) ?? [] }
}

function pathOf(schema: Schema, isIt: (schema: Schema) => boolean): Path {
  return findInSchema(schema, (each, path) => (isIt(each) ? path : null)) ?? []
}

/** The compiler names a reference starting with the whole schema's id. */
function isEndOf(missing: string, reference: unknown): boolean {
  return typeof reference === 'string' && missing.endsWith(reference)
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp
  } catch {
    return false
  }
}

function unescaped(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~')
}
