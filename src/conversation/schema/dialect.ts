import type { Schema } from './walk.ts'

/** Which of its many forms a JSON Schema is written in. `any`: it does not say, so what several forms have is understood. */
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

/** By its `$schema`; a name that is none of these says as little as none. */
export function dialectOf({ $schema }: Schema): Dialect {
  const named = typeof $schema === 'string' ? names.find(([pattern]) => pattern.test($schema)) : undefined
  return named?.[1] ?? 'any'
}
