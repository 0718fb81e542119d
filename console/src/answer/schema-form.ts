/** What a form asks for, read from a JSON Schema. */
export interface FormField {
  readonly name: string
  readonly title: string
  readonly description: string | undefined
  readonly isRequired: boolean
  readonly control: Control
}

export type Control =
  | { readonly kind: 'text'; readonly isLong: boolean; readonly format: 'email' | 'date' | 'url' | null }
  | { readonly kind: 'number'; readonly isWhole: boolean; readonly min: number | null; readonly max: number | null }
  | { readonly kind: 'check' }
  | { readonly kind: 'choice'; readonly options: readonly { readonly value: unknown; readonly name: string }[] }
  | { readonly kind: 'group'; readonly fields: readonly FormField[] }
  /** What no form asks for well: lists, unions and the like. */
  | { readonly kind: 'json' }

type Schema = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null)

/** The fields of a schema that describes an object with properties; null where it describes something else. */
export function formOf(schema: unknown): readonly FormField[] | null {
  if (!isObject(schema) || !isObject(schema['properties'])) return null
  if (schema['type'] !== undefined && schema['type'] !== 'object') return null
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  return Object.entries(schema['properties']).map(([name, of]) => ({
    name,
    title: (isObject(of) && textOf(of['title'])) || name,
    description: isObject(of) ? textOf(of['description']) : undefined,
    isRequired: required.includes(name),
    control: controlOf(of),
  }))
}

const formats: Readonly<Record<string, 'email' | 'date' | 'url'>> = { email: 'email', date: 'date', uri: 'url' }
const longerThan = 200

function controlOf(schema: unknown): Control {
  if (!isObject(schema)) return { kind: 'json' }
  const { type } = schema
  if (Array.isArray(schema['enum'])) {
    return { kind: 'choice', options: schema['enum'].map((value) => ({ value, name: nameOf(value) })) }
  }
  if ('const' in schema) return { kind: 'choice', options: [{ value: schema['const'], name: nameOf(schema['const']) }] }
  switch (type) {
    case 'string': {
      const format = formats[String(schema['format'])] ?? null
      const longest = numberOf(schema['maxLength'])
      return { kind: 'text', format, isLong: format === null && (longest === null || longest > longerThan) }
    }
    case 'number':
    case 'integer':
      return {
        kind: 'number',
        isWhole: type === 'integer',
        min: numberOf(schema['minimum']),
        max: numberOf(schema['maximum']),
      }
    case 'boolean':
      return { kind: 'check' }
    case 'object': {
      const fields = formOf(schema)
      return fields === null ? { kind: 'json' } : { kind: 'group', fields }
    }
    default:
      return { kind: 'json' }
  }
}

const nameOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
