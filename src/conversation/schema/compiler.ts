import { Ajv, type Options } from 'ajv'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import Ajv04 from 'ajv-draft-04'
import type { Dialect } from './dialect.ts'

export type Compiler = Pick<Ajv, 'compile' | 'removeSchema' | 'errors'>

/**
 * Patterns are of the Unicode kind, as the specification has them, or else of the older kind: generators escape what the
 * former does not let them escape.
 */
const regExp = Object.assign(
  (pattern: string, flags: string): RegExp => {
    try {
      return new RegExp(pattern, flags)
    } catch {
      return new RegExp(pattern)
    }
  },
  // Only written into code that is kept, which none is.
  { code: 'RegExp' },
)

const options: Options = {
  strict: false,
  validateFormats: false,
  logger: false,
  addUsedSchema: false,
  code: { regExp },
}

/** Ajv itself lets what stands beside `$ref` count in these drafts too, which their specifications forbid. */
const lonelyReferences: Options = { ...options, ignoreKeywordsWithRef: true }

const makers: Record<Dialect, () => Compiler> = {
  'draft-04': () => new Ajv04.default(lonelyReferences),
  'draft-06': () => new Ajv(lonelyReferences),
  'draft-07': () => new Ajv(lonelyReferences),
  '2019-09': () => new Ajv2019(options),
  '2020-12': () => new Ajv2020(options),
  // Both are put into the words of 2020-12 first.
  'openapi-3.0': () => new Ajv2020(options),
  any: () => new Ajv2020(options),
}

const shared = new Map<Dialect, Compiler>()

/** Made when it is first needed: each compiles the schema of its schemas, which takes milliseconds. */
export function compilerOf(dialect: Dialect): Compiler {
  const known = shared.get(dialect) ?? makers[dialect]()
  shared.set(dialect, known)
  return known
}

/** For a schema whose parts have names of their own, which a shared one would keep, and take for another schema's. */
export function freshCompiler(dialect: Dialect): Compiler {
  return makers[dialect]()
}
