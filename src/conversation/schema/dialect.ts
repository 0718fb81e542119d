import type { Schema } from './walk.ts'

/** The dialect of a JSON Schema. `any`: it names none, so keywords of several dialects are understood. */
export type Dialect = 'draft-04' | 'draft-06' | 'draft-07' | '2019-09' | '2020-12' | 'openapi-3.0' | 'any'

const names: readonly (readonly [schema: RegExp, Dialect])[] = [
  [/json-schema\.org\/draft-04\//, 'draft-04'],
  [/json-schema\.org\/draft-06\//, 'draft-06'],
  [/json-schema\.org\/draft-07\//, 'draft-07'],
  [/json-schema\.org\/draft\/2019-09\//, '2019-09'],
  [/json-schema\.org\/draft\/2020-12\//, '2020-12'],
  [/spec\.openapis\.org\/oas\/3\.0\b/, 'openapi-3.0'],
  [/spec\.openapis\.org\/oas\/3\.[1-9]/, '2020-12'],
]

/** From its `$schema`; an unknown name counts as none. */
export function dialectOf({ $schema }: Schema): Dialect {
  const named = typeof $schema === 'string' ? names.find(([pattern]) => pattern.test($schema)) : undefined
  return named?.[1] ?? 'any'
}
