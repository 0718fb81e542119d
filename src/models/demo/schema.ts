export type DemoSchema = Readonly<Record<string, unknown>>

/** Schemas can refer to themselves without an end. */
const mostSteps = 100

/** A schema with one type, without references and alternatives: takes the first alternative that is not null. */
export function plainSchema(schema: unknown, root: DemoSchema, budget = { steps: mostSteps }): DemoSchema {
  budget.steps -= 1
  if (!isObject(schema) || budget.steps < 0) return {}
  const follow = (next: unknown) => plainSchema(next, root, budget)
  const { $ref: reference, anyOf, oneOf, allOf, type, ...rest } = schema
  if (typeof reference === 'string') return { ...follow(resolve(reference, root)), ...rest }
  const chosen = ([anyOf, oneOf].find(Array.isArray) ?? []).find((each) => !isObject(each) || each['type'] !== 'null')
  const parts = [
    follow(chosen),
    ...(Array.isArray(allOf) ? allOf.map(follow) : []),
    { type: singleType(type), ...rest },
  ]
  return parts.reduce(merged, {})
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
export function fittingText(text: string, { minLength, maxLength }: DemoSchema): string {
  const least = typeof minLength === 'number' ? minLength : 0
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

function merged(before: DemoSchema, after: DemoSchema): DemoSchema {
  const [earlier, later] = [propertiesOf(before), propertiesOf(after)]
  const both = { ...before, ...Object.fromEntries(Object.entries(after).filter(([, value]) => value !== undefined)) }
  if (earlier.all.size === 0) return both
  return {
    ...both,
    properties: Object.fromEntries([...earlier.all, ...later.all]),
    required: [...earlier.required, ...later.required],
  }
}
