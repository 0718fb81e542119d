import type { TextOperand } from '../placeholder/operand.ts'
import type { Json } from '../placeholder/value.ts'
import type { ActionName } from './action.ts'

/** A field or a reference at one place of an input, with the operands that apply there. */
export interface Slot {
  readonly kind: 'field' | 'reference'
  readonly name: string
  readonly operands: readonly TextOperand[]
}

export type Part = string | Slot

/**
 * Whether the slot becomes a token. A reference does, unless operands need its value; then it is filled like a field.
 */
export function isToken({ kind, operands }: Slot): boolean {
  return kind === 'reference' && operands.length === 0
}

export interface TextTemplate {
  readonly kind: 'text'
  readonly parts: readonly Part[]
  /** How the text was quoted in YAML. The parser has removed these quotes, so a slot must not escape for them again. */
  readonly quotes: 'plain' | 'single' | 'double' | 'block'
}

/** The input of an instruction, with slots. Its shape is fixed before any arguments exist: they fill texts only. */
export type Template =
  | TextTemplate
  | { readonly kind: 'value'; readonly value: null | boolean | number | bigint }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [key: string, value: Template])[] }
  | { readonly kind: 'list'; readonly items: readonly Template[] }

/**
 * The role of a text. `url`: the address, where an argument must stay within its part. `header`: a header value, the
 * only place for secrets. `data`: a body or a query, where an argument may be a whole JSON value. `text`: everything
 * else.
 */
export type Place = 'url' | 'path' | 'header' | 'data' | 'text'

/**
 * The role of a text of an action's input, by the keys that lead to it. `fetch` itself encodes the items of a path
 * list.
 */
export function placeIn(action: ActionName, path: readonly string[], inList: boolean): Place {
  if (action !== 'fetch') return action === 'echo' ? 'data' : 'text'
  const key = path[0]?.replace(/\?$/, '')
  if (key === 'url' || key === 'uri') return 'url'
  if (key === 'path') return inList ? 'text' : 'path'
  if (key === 'headers' || key === 'authorization') return 'header'
  return key === 'body' || key === 'query' ? 'data' : 'text'
}

/** Every text of a template, with the keys that lead to it and whether it is inside a list. */
export function* textsOf(
  template: Template,
  path: readonly string[] = [],
  inList = false,
): Generator<{ readonly path: readonly string[]; readonly inList: boolean; readonly template: TextTemplate }> {
  if (template.kind === 'text') yield { path, inList, template }
  if (template.kind === 'list') for (const item of template.items) yield* textsOf(item, path, true)
  if (template.kind === 'map')
    for (const [key, value] of template.entries) yield* textsOf(value, [...path, key], inList)
}

/** The JSON value of a template without slots; undefined if it has slots. */
export function literalOf(template: Template): Json | undefined {
  if (template.kind === 'value') return template.value
  if (template.kind === 'text') {
    return template.parts.every((part) => typeof part === 'string') ? template.parts.join('') : undefined
  }
  if (template.kind === 'list') {
    const items = template.items.map(literalOf)
    return items.every((item) => item !== undefined) ? items : undefined
  }
  const entries = template.entries.map(([key, value]) => [key, literalOf(value)] as const)
  return entries.every((entry): entry is readonly [string, Json] => entry[1] !== undefined)
    ? Object.fromEntries(entries)
    : undefined
}
