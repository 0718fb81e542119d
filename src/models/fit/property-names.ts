import { mapSchema, type Schema } from '../../conversation/schema/walk.ts'
import { mapJson } from '../../kernel/map-json.ts'

const fitting = /^[A-Za-z0-9_.-]{1,64}$/

/** New property names by old names. No two properties get the same name. */
export type NewNames = ReadonlyMap<string, string>

/** New names for the properties whose names the provider refuses. */
export function newNames(schema: Schema): NewNames {
  const names = new Set<string>()
  mapSchema(schema, (each) => {
    for (const name of namesIn(each)) names.add(name)
    return each
  })
  const taken = new Set(names)
  const found = new Map<string, string>()
  for (const name of names) {
    if (fitting.test(name)) continue
    const base = name.replaceAll(/[^A-Za-z0-9_.-]/g, '_').slice(0, 60) || '_'
    let fresh = base
    for (let number = 2; taken.has(fresh); number++) fresh = `${base}_${number}`
    taken.add(fresh)
    found.set(name, fresh)
  }
  return found
}

function namesIn({ properties = {}, required = [] }: Schema): readonly string[] {
  const listed = Array.isArray(required) ? required.filter((name) => typeof name === 'string') : []
  return [...Object.keys(properties as object), ...listed]
}

/** The schema with the new names wherever it names its properties. */
export function withNewNames(schema: Schema, names: NewNames): Schema {
  if (names.size === 0) return schema
  return mapSchema(schema, (each) => {
    const changed = Object.entries(each).map(([keyword, value]) => [keyword, changes[keyword]?.(value, names) ?? value])
    return Object.fromEntries(changed)
  })
}

/** JSON with renamed fields. */
export function renamed(value: unknown, names: NewNames): unknown {
  return mapJson(value, { leaf: (inner) => inner, name: (name) => names.get(name) ?? name })
}

const renamedKeys = (value: unknown, names: NewNames): unknown =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [names.get(name) ?? name, inner]))
    : value

const renamedList = (value: unknown, names: NewNames): unknown =>
  Array.isArray(value) ? value.map((name) => names.get(name as string) ?? name) : value

const changes: Readonly<Record<string, (value: unknown, names: NewNames) => unknown>> = {
  properties: renamedKeys,
  dependentSchemas: renamedKeys,
  required: renamedList,
  dependentRequired: (value, names) =>
    renamedKeys(
      Object.fromEntries(Object.entries(value as object).map(([name, list]) => [name, renamedList(list, names)])),
      names,
    ),
  $ref: (value, names) =>
    typeof value === 'string'
      ? value.replaceAll(/(?<=\/properties\/)[^/]+/g, (name) => pointerName(name, names))
      : value,
  const: renamed,
  default: renamed,
  enum: renamed,
  examples: renamed,
}

function pointerName(escaped: string, names: NewNames): string {
  const name = decodeURIComponent(escaped).replaceAll('~1', '/').replaceAll('~0', '~')
  return names.get(name) ?? escaped
}
