import { type DemoEffort, spend } from './effort.ts'

export type DemoSchema = Readonly<Record<string, unknown>>

/** A whole schema, and what may be done with it. */
export interface DemoRoot {
  readonly schema: DemoSchema
  readonly effort: DemoEffort
  /** What has been made plain. */
  readonly plain: WeakMap<object, DemoSchema>
}

export function demoRoot(schema: DemoSchema, effort: DemoEffort): DemoRoot {
  return { schema, effort, plain: new WeakMap() }
}

/** Schemas can refer to themselves without an end. */
const mostSteps = 100

/** A schema with one type, without references and alternatives: takes the first alternative that is not null. */
export function plainSchema(schema: unknown, root: DemoRoot): DemoSchema {
  spend(root.effort, 'steps', 1)
  if (!isObject(schema)) return {}
  const plain = root.plain.get(schema) ?? madePlain(schema, root, { steps: mostSteps })
  root.plain.set(schema, plain)
  return plain
}

function madePlain(schema: unknown, root: DemoRoot, budget: { steps: number }): DemoSchema {
  budget.steps -= 1
  if (!isObject(schema) || budget.steps < 0) return {}
  spend(root.effort, 'steps', 1 + Object.keys(schema).length)
  const follow = (next: unknown) => madePlain(next, root, budget)
  const { $ref: reference, anyOf, oneOf, allOf, type, ...rest } = schema
  if (typeof reference === 'string') return { ...follow(resolve(reference, root.schema)), ...rest }
  const chosen = ([anyOf, oneOf].find(Array.isArray) ?? []).find((each) => !isObject(each) || each['type'] !== 'null')
  const parts = [
    follow(chosen),
    ...(Array.isArray(allOf) ? allOf.slice(0, mostSteps).map(follow) : []),
    { type: singleType(type), ...rest },
  ]
  return parts.reduce((before, after) => merged(before, after, root.effort), {})
}

export function isObject(value: unknown): value is DemoSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The properties of an object, by name, required ones first. */
export function propertiesOf(schema: DemoSchema): {
  readonly all: ReadonlyMap<string, unknown>
  readonly required: readonly string[]
} {
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : []
  const properties = isObject(schema['properties']) ? schema['properties'] : {}
  const names = new Set([...required, ...Object.keys(properties)])
  return {
    all: new Map([...names].map((name) => [name, Object.hasOwn(properties, name) ? properties[name] : {}])),
    required,
  }
}

/** The nearest text that a schema's lengths allow. */
export function fittingText(text: string, { minLength, maxLength }: DemoSchema, effort: DemoEffort): string {
  const least = typeof minLength === 'number' ? minLength : 0
  spend(effort, 'characters', Math.max(text.length, least))
  const long =
    text.length >= least
      ? text
      : text + ' demo'.repeat(Math.ceil((least - text.length) / 5)).slice(0, least - text.length)
  return typeof maxLength === 'number' ? long.slice(0, maxLength) : long
}

/** The nearest number that a schema's bounds allow. */
export function fittingNumber(value: number, schema: DemoSchema): number {
  const bound = (key: string) => (typeof schema[key] === 'number' ? schema[key] : null)
  const [minimum, maximum] = [bound('minimum'), bound('maximum')]
  const [above, below] = [bound('exclusiveMinimum'), bound('exclusiveMaximum')]
  const isWhole = schema['type'] === 'integer'
  const step = bound('multipleOf') ?? (isWhole ? 1 : 0)
  const margin = step === 0 ? 0.5 : step
  let fitting = value
  if (maximum !== null) fitting = Math.min(fitting, maximum)
  if (below !== null && fitting >= below) fitting = below - margin
  if (minimum !== null) fitting = Math.max(fitting, minimum)
  if (above !== null && fitting <= above) fitting = above + margin
  if (step === 0) return fitting
  const up = Math.ceil(fitting / step) * step
  return maximum !== null && up > maximum ? Math.floor(fitting / step) * step : up
}

function singleType(type: unknown): unknown {
  return Array.isArray(type) ? (type.find((each) => each !== 'null') ?? 'null') : type
}

/** Follows references within the same schema only, such as `#/$defs/city`. */
function resolve(reference: string, root: DemoSchema): unknown {
  const path = reference.startsWith('#') ? reference.split('/').slice(1) : ['']
  const keys = path.map((key) => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~'))
  return keys.reduce<unknown>((each, key) => (isObject(each) && Object.hasOwn(each, key) ? each[key] : {}), root)
}

function merged(before: DemoSchema, after: DemoSchema, effort: DemoEffort): DemoSchema {
  const [earlier, later] = [propertiesOf(before), propertiesOf(after)]
  const both = { ...before, ...Object.fromEntries(Object.entries(after).filter(([, value]) => value !== undefined)) }
  spend(effort, 'steps', earlier.all.size + later.all.size)
  if (earlier.all.size === 0) return both
  return {
    ...both,
    properties: Object.fromEntries([...earlier.all, ...later.all]),
    required: [...earlier.required, ...later.required],
  }
}
