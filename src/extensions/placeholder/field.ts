import { stringifyJson } from '../../kernel/json.ts'
import type { Placeholder } from './placeholder.ts'
import { checkValue, type FieldType, type Json, toType } from './value.ts'

/** A field, merged from all its mentions in an instruction. */
export interface Field {
  readonly name: string
  readonly type: FieldType
  readonly isRequired: boolean
  /** True: the model does not see the field and cannot fill it; its default applies. */
  readonly isHidden: boolean
  readonly description: string | null
  readonly default: Json | null
  readonly enum: readonly Json[] | null
  /** The bound of a number, or of the length of a text. */
  readonly minimum: number | null
  readonly maximum: number | null
  readonly sanitize: RegExp | null
  /** The JSON Schema of the items of an array or the properties of an object. */
  readonly nested: Readonly<Record<string, unknown>> | null
}

/**
 * What one placeholder declares about a field; null for everything it does not declare. Defaults and enums are
 * unparsed.
 */
export type FieldMention = Omit<Field, 'type'> & { readonly type: FieldType | null }

type Refuse = (message: string) => void

const operandTypes = { string: 'string', number: 'number', num: 'number', boolean: 'boolean', bool: 'boolean' } as const

export function mentionOf({ name, isRequired, operands, description }: Placeholder, refuse: Refuse): FieldMention {
  const rules = new Map(operands.flatMap((each) => (each.kind === 'rule' ? [[each.name, each.argument] as const] : [])))
  const types = operands.flatMap((each) =>
    each.kind === 'field' && each.name !== 'local' ? [operandTypes[each.name]] : [],
  )
  if (new Set(types).size > 1) refuse(`The field "${name}" has the types ${types.join(' and ')}.`)
  const bound = (rule: 'min' | 'max') => {
    const text = rules.get(rule)
    const limit = text === undefined ? null : toType('number', text)
    if (limit === undefined) refuse(`The field "${name}": ${rule} takes a number.`)
    return typeof limit === 'number' ? limit : null
  }
  const format = rules.get('format')
  return {
    name,
    type: types[0] ?? null,
    isRequired,
    isHidden: isHiddenName(name) || operands.some((each) => each.name === 'local'),
    description: format === undefined ? description : `${description ?? ''} (format: ${format})`.trim(),
    default: rules.get('default') ?? null,
    enum: enumOf(rules.get('enum')),
    minimum: bound('min'),
    maximum: bound('max'),
    sanitize: sanitizer(name, rules.get('sanitize'), refuse),
    nested: null,
  }
}

export function isHiddenName(name: string): boolean {
  return /^[_#@$]/.test(name)
}

function enumOf(text: string | undefined): readonly string[] | null {
  const values = text?.split(',').map((value) => value.trim()) ?? []
  return text === undefined ? null : values.filter((value) => value !== '')
}

/** Accepts a single character class only: the pattern runs in our process, and other patterns could run forever. */
function sanitizer(name: string, pattern: string | undefined, refuse: Refuse): RegExp | null {
  if (pattern === undefined) return null
  if (/^(\[\^?(?:[^\\[\]]|\\[^\sbBpPukcx0-9])+\]|\\[wdsWDS])[+*]?$/.test(pattern)) {
    try {
      return new RegExp(pattern, 'g')
    } catch {
      // For example a range from z to a.
    }
  }
  refuse(`The field "${name}": sanitize takes one class of characters, such as [^a-z0-9].`)
  return null
}

/** Merges all mentions, in the order in which each field first appears. */
export function mergeFields(mentions: readonly FieldMention[], refuse: Refuse): readonly Field[] {
  return [...Map.groupBy(mentions, ({ name }) => name)].map(([name, places]) => mergeField(name, places, refuse))
}

function mergeField(name: string, places: readonly FieldMention[], refuse: Refuse): Field {
  const one = <Key extends 'type' | 'default' | 'enum' | 'minimum' | 'maximum' | 'nested'>(key: Key) => {
    const said = places.map((place) => place[key]).filter((value) => value !== null)
    const [first = null, second] = new Set(said.map((value) => stringifyJson(value)))
    if (second !== undefined) refuse(`The field "${name}" has two different ${nouns[key]}: ${first} and ${second}.`)
    return said[0] ?? null
  }
  const type = one('type') ?? 'string'
  const field: Field = {
    name,
    type,
    isRequired: places.some(({ isRequired }) => isRequired),
    isHidden: places.some(({ isHidden }) => isHidden),
    description: places.find(({ description }) => description !== null)?.description ?? null,
    default: typed(one('default'), type),
    enum: unique(one('enum')?.map((value) => typed(value, type)) ?? null),
    minimum: one('minimum'),
    maximum: one('maximum'),
    sanitize: places.find(({ sanitize }) => sanitize !== null)?.sanitize ?? null,
    nested: one('nested'),
  }
  if (!field.isHidden && !/^[A-Za-z][\w.-]{0,63}$/.test(name)) {
    refuse(`The field "${name}" needs a name of at most 64 letters, digits and _ . -`)
  }
  if (field.isHidden && field.isRequired && field.default === null) {
    refuse(`The field "${name}" is hidden from the model and has no default, so nothing can fill it.`)
  }
  if (!areBounds(field))
    refuse(`The field "${name}": min and max are for numbers, or whole numbers for the length of a text.`)
  if (field.enum?.length === 0) refuse(`The field "${name}" has an enum without values.`)
  if (field.enum?.some((value) => toType(type, value) === undefined)) refuse(`The enum of "${name}" holds no ${type}s.`)
  const checked = field.default === null ? null : checkValue(field, field.default)
  if (checked?.kind === 'refused') refuse(`The default of "${name}" does not fit: ${checked.message}`)
  return field
}

const nouns = {
  type: 'types',
  default: 'defaults',
  enum: 'enums',
  minimum: 'minimums',
  maximum: 'maximums',
  nested: 'contents',
} as const

function unique(values: readonly Json[] | null): readonly Json[] | null {
  return values === null ? null : [...new Set(values)]
}

function typed(value: Json, type: FieldType): Json {
  return value === null ? null : (toType(type, value) ?? value)
}

/** The JSON Schema of a field, as the model sees it. */
export function fieldSchema(field: Field): Readonly<Record<string, unknown>> {
  return {
    type: field.type,
    ...(field.description !== null && { description: field.description }),
    ...(field.default !== null && { default: field.default }),
    ...(field.enum !== null && { enum: field.enum }),
    ...boundsSchema(field),
    ...field.nested,
  }
}

interface Bounds {
  readonly type: FieldType
  readonly minimum: number | null
  readonly maximum: number | null
}

export function boundsSchema({ type, minimum, maximum }: Bounds): Readonly<Record<string, number>> {
  const [least, most] = type === 'number' ? ['minimum', 'maximum'] : ['minLength', 'maxLength']
  return { ...(minimum !== null && { [least]: minimum }), ...(maximum !== null && { [most]: maximum }) }
}

/** Whether JSON Schema allows these bounds: any bound for a number, a count for the length of a text. */
export function areBounds({ type, minimum, maximum }: Bounds): boolean {
  const given = [minimum, maximum].filter((bound) => bound !== null)
  if (type === 'number' || given.length === 0) return true
  return type === 'string' && given.every((bound) => Number.isInteger(bound) && bound >= 0)
}
