import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import Ajv04 from 'ajv-draft-04'
import type { Dialect } from './dialect.ts'
import { findInSchema, type Schema } from './walk.ts'

/**
 * Patterns are compiled in Unicode mode, as the specification requires, or else without it: generators write escapes that
 * Unicode mode forbids.
 */
const regExp = Object.assign(
  (pattern: string, flags: string): RegExp => {
    try {
      return new RegExp(pattern, flags)
    } catch {
      return new RegExp(pattern)
    }
  },
  // Used only in standalone code, which is never generated.
  { code: 'RegExp' },
)

const options: Options = {
  strict: false,
  validateFormats: false,
  logger: false,
  addUsedSchema: false,
  code: { regExp },
}

/** In these drafts keywords beside `$ref` must be ignored, but Ajv applies them. */
const lonelyReferences: Options = { ...options, ignoreKeywordsWithRef: true }

/** Both dialects without a class of their own are translated to 2020-12 first. */
const classes: Readonly<Record<Dialect, new (options: Options) => Ajv>> = {
  'draft-04': Ajv04.default,
  'draft-06': Ajv,
  'draft-07': Ajv,
  '2019-09': Ajv2019,
  '2020-12': Ajv2020,
  'openapi-3.0': Ajv2020,
  any: Ajv2020,
}

function optionsOf(dialect: Dialect): Options {
  return ['draft-04', 'draft-06', 'draft-07'].includes(dialect) ? lonelyReferences : options
}

const judges = new Map<(typeof classes)[Dialect], Ajv>()

/** Reads the meta-schema of most callers' schemas, which keeps a process busy for 50 ms: when it starts, not at a request. */
export function prepareCompiler(): void {
  violationsOf('any', {})
}

/** What the dialect finds wrong with a schema. It keeps nothing of the schema. */
export function violationsOf(dialect: Dialect, schema: Schema): readonly ErrorObject[] {
  // Created on first use: each compiles its meta-schema, which takes milliseconds.
  const judge = judges.get(classes[dialect]) ?? new classes[dialect](optionsOf(dialect))
  judges.set(classes[dialect], judge)
  return judge.validateSchema(schema) === true ? [] : (judge.errors ?? [])
}

/**
 * Compiles one schema by itself: what a compiler has read stays in its memory and can be referred to by its ids, and
 * another caller's schema may have the same.
 */
export function compileAlone(dialect: Dialect, schema: Schema): ValidateFunction {
  // A dialect's own schema is read only where it can be meant.
  const meta =
    findInSchema(schema, ({ $ref }) => (typeof $ref === 'string' && $ref.includes(':') ? true : null)) ?? false
  return new classes[dialect]({ ...optionsOf(dialect), meta, validateSchema: false }).compile(schema)
}
