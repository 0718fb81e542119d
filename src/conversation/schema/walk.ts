export type Schema = Readonly<Record<string, unknown>>
export type Path = readonly (string | number)[]

/** How a keyword's value holds schemas: one, one or a list, or by name. Other keywords hold none. */
const places: Readonly<Record<string, 'schema' | 'schemas' | 'named'>> = {
  additionalItems: 'schema',
  additionalProperties: 'schema',
  contains: 'schema',
  contentSchema: 'schema',
  else: 'schema',
  if: 'schema',
  items: 'schemas',
  not: 'schema',
  propertyNames: 'schema',
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema calls it so.
  then: 'schema',
  unevaluatedItems: 'schema',
  unevaluatedProperties: 'schema',
  allOf: 'schemas',
  anyOf: 'schemas',
  oneOf: 'schemas',
  prefixItems: 'schemas',
  $defs: 'named',
  definitions: 'named',
  dependencies: 'named',
  dependentSchemas: 'named',
  patternProperties: 'named',
  properties: 'named',
}

/** The schema with each of its subschemas changed, the inner ones first. Names of properties are not keywords. */
export function mapSchema(schema: Schema, change: (schema: Schema, path: Path) => Schema, path: Path = []): Schema {
  const map = (value: unknown, at: Path): unknown => (isRecord(value) ? mapSchema(value, change, at) : value)
  const inner = Object.entries(schema).map(([keyword, value]): readonly [string, unknown] => {
    const place = Object.hasOwn(places, keyword) ? places[keyword] : undefined
    const at = [...path, keyword]
    if (place === 'schemas' && Array.isArray(value)) return [keyword, value.map((each, n) => map(each, [...at, n]))]
    if (place === 'named' && isRecord(value)) {
      return [
        keyword,
        Object.fromEntries(Object.entries(value).map(([name, each]) => [name, map(each, [...at, name])])),
      ]
    }
    return [keyword, place === undefined || place === 'named' ? value : map(value, at)]
  })
  return change(Object.fromEntries(inner), path)
}

/** The first thing that `find` answers, from the outside to the inside; the rest is not looked at. */
export function findInSchema<Found>(
  schema: Schema,
  find: (schema: Schema, path: Path) => Found | null,
  path: Path = [],
): Found | null {
  const own = find(schema, path)
  if (own !== null) return own
  for (const [inner, at] of innerSchemas(schema, path)) {
    const found = findInSchema(inner, find, at)
    if (found !== null) return found
  }
  return null
}

/** The schemas that a schema holds by a keyword, with their paths. */
function* innerSchemas(schema: Schema, path: Path): Generator<readonly [Schema, Path]> {
  for (const [keyword, value] of Object.entries(schema)) {
    const place = Object.hasOwn(places, keyword) ? places[keyword] : undefined
    if (place === undefined) continue
    if (place !== 'named' && isRecord(value)) yield [value, [...path, keyword]]
    const isMany = (place === 'schemas' && Array.isArray(value)) || (place === 'named' && isRecord(value))
    for (const [name, each] of isMany ? Object.entries(value as object) : []) {
      if (isRecord(each)) yield [each, [...path, keyword, Array.isArray(value) ? Number(name) : name]]
    }
  }
}

export function isRecord(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value that a reference such as `#/$defs/city` names; undefined: there is none. */
export function resolvePointer(schema: Schema, reference: string): unknown {
  if (reference === '#' || reference === '#/') return schema
  if (!reference.startsWith('#/')) return undefined
  const segments = reference.slice(2).split('/')
  return segments.reduce<unknown>((at, segment) => {
    const name = unescaped(segment)
    if (Array.isArray(at)) return at[Number(name)]
    return isRecord(at) && Object.hasOwn(at, name) ? at[name] : undefined
  }, schema)
}

function unescaped(segment: string): string {
  try {
    return decodeURIComponent(segment).replaceAll('~1', '/').replaceAll('~0', '~')
  } catch {
    return segment
  }
}
