import { parseJson, stringifyJson } from '../../kernel/json.ts'
import { mostFilled } from './filling.ts'
import type { TextOperand } from './operand.ts'

export type FieldType = 'string' | 'number' | 'boolean' | 'array' | 'object'
export type Json = null | boolean | number | bigint | string | readonly Json[] | { readonly [key: string]: Json }

interface Rules {
  readonly name: string
  readonly type: FieldType
  readonly enum: readonly Json[] | null
  readonly minimum: number | null
  readonly maximum: number | null
  readonly sanitize: RegExp | null
}

export type Checked =
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'refused'; readonly message: string }

/**
 * Converts a value to the type, or returns undefined. Numbers and booleans may come as text; any value can become text.
 */
export function toType(type: FieldType, value: Json): Json | undefined {
  switch (type) {
    case 'string':
      return toText(value)
    case 'number': {
      const isNumeric = typeof value === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value)
      const number = isNumeric ? numberIn(value) : value
      return typeof number === 'bigint' || Number.isFinite(number) ? number : undefined
    }
    case 'boolean':
      return value === true || value === 'true' ? true : value === false || value === 'false' ? false : undefined
    case 'array':
      return Array.isArray(value) ? value : undefined
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  }
}

/** All digits of a whole number, as JSON keeps them. */
function numberIn(text: string): number | bigint {
  const number = Number(text)
  return /^\s*-?\d+\s*$/.test(text) && !Number.isSafeInteger(number) ? BigInt(text.trim()) : number
}

/**
 * Converts a value to the type of its field, removes the characters in `sanitize`, and checks the rules of the field.
 */
export function checkValue({ name, type, enum: values, minimum, maximum, sanitize }: Rules, given: Json): Checked {
  const refused = (message: string): Checked => ({ kind: 'refused', message })
  const typed = toType(type, given)
  const value = sanitize !== null && typeof typed === 'string' ? typed.replaceAll(sanitize, '') : typed
  if (value === undefined) return refused(`The field "${name}" takes ${/^[ao]/.test(type) ? 'an' : 'a'} ${type}.`)
  if (values !== null && !values.includes(value)) {
    return refused(`The field "${name}" takes one of ${values.map(stringifyJson).join(', ')}.`)
  }
  const size =
    typeof value === 'number' || typeof value === 'bigint' ? value : typeof value === 'string' ? value.length : null
  const unit = typeof value === 'string' ? ' characters' : ''
  if (size !== null && minimum !== null && size < minimum) {
    return refused(`The field "${name}" takes at least ${minimum}${unit}.`)
  }
  if (size !== null && maximum !== null && size > maximum) {
    return refused(`The field "${name}" takes at most ${maximum}${unit}.`)
  }
  return { kind: 'value', value }
}

export function toText(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? stringifyJson(value) : String(value)
}

export function isPresent(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== ''
}

const inner = (value: Json | undefined) => JSON.stringify(toText(value)).slice(1, -1)
const innerSingle = (value: Json | undefined) => inner(value).replaceAll('\\"', '"').replaceAll("'", "\\'")

/**
 * The transformation of each operand. Quoting also escapes backslashes and line breaks; otherwise a value that ends
 * with a backslash would escape the closing quote.
 */
const operations: Readonly<Record<TextOperand['name'], (value: Json | undefined) => Json>> = {
  ys: (value) => stringifyJson(value ?? ''),
  js: (value) => stringifyJson(value ?? ''),
  j: (value) => stringifyJson(readJson(value) ?? {}),
  y: (value) => stringifyJson(readJson(value) ?? {}),
  // encodeURIComponent throws on a lone surrogate.
  euc: (value) => encodeURIComponent(toText(value).toWellFormed()),
  dq: (value) => `"${inner(value)}"`,
  edq: inner,
  sq: (value) => `'${innerSingle(value)}'`,
  esq: innerSingle,
  rn: (value) => toText(value).replaceAll(/[\r\n\u2028\u2029\u0085]+/g, ' '),
  trim: (value) => toText(value).trim(),
  lower: (value) => toText(value).toLowerCase(),
  upper: (value) => toText(value).toUpperCase(),
}

/** Stops where a text becomes too long to be filled in: quoting it again and again doubles its backslashes. */
export function applyOperands(value: Json | undefined, operands: readonly TextOperand[]): Json | undefined {
  return operands.reduce<Json | undefined>((current, { name, isOptional }) => {
    if (typeof current === 'string' && current.length > mostFilled) return current
    return isOptional && !isPresent(current) ? current : operations[name](current)
  }, value)
}

/** Parses a text as JSON; undefined if it is not JSON. Any other value is returned as it is. */
export function readJson(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string') return value
  try {
    return parseJson(value) as Json
  } catch {
    return undefined
  }
}
