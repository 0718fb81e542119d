import { Ajv, type Options } from 'ajv'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import Ajv04 from 'ajv-draft-04'
import type { Dialect } from './dialect.ts'

export type Compiler = Pick<Ajv, 'compile' | 'removeSchema' | 'errors'>

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

const makers: Record<Dialect, () => Compiler> = {
  'draft-04': () => new Ajv04.default(lonelyReferences),
  'draft-06': () => new Ajv(lonelyReferences),
  'draft-07': () => new Ajv(lonelyReferences),
  '2019-09': () => new Ajv2019(options),
  '2020-12': () => new Ajv2020(options),
  // Both are translated to 2020-12 first.
  'openapi-3.0': () => new Ajv2020(options),
  any: () => new Ajv2020(options),
}

const shared = new Map<Dialect, Compiler>()

/** Created on first use: each compiles its meta-schema, which takes milliseconds. */
export function compilerOf(dialect: Dialect): Compiler {
  const known = shared.get(dialect) ?? makers[dialect]()
  shared.set(dialect, known)
  return known
}

/** For a schema whose parts have ids: a shared compiler would keep them and confuse them with another schema's. */
export function freshCompiler(dialect: Dialect): Compiler {
  return makers[dialect]()
}
