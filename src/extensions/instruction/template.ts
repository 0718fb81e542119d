import type { TextOperand } from '../placeholder/operand.ts'
import type { Json } from '../placeholder/value.ts'
import type { ActionName } from './action.ts'

/** A field or a reference in its place, with what is done to its value there. */
export interface Slot {
  readonly kind: 'field' | 'reference'
  readonly name: string
  readonly operands: readonly TextOperand[]
}

export type Part = string | Slot

/** A reference becomes a token, unless operands need its value: then it is filled like a field. */
export function isToken({ kind, operands }: Slot): boolean {
  return kind === 'reference' && operands.length === 0
}

export interface TextTemplate {
  readonly kind: 'text'
  readonly parts: readonly Part[]
  /** How it stood in YAML. The YAML's reader has undone these quotes, so a slot must not escape for them again. */
  readonly quotes: 'plain' | 'single' | 'double' | 'block'
}

/** An instruction's input with its slots. Its shape is fixed before there are any arguments: they fill texts only. */
export type Template =
  | TextTemplate
  | { readonly kind: 'value'; readonly value: null | boolean | number }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [key: string, value: Template])[] }
  | { readonly kind: 'list'; readonly items: readonly Template[] }

/**
 * What a text is there for. `url`: the address, whose parts an argument must stay within. `header`: a header's value,
 * the one place of secrets. `data`: a body or a query, where an argument may be a whole JSON value. `text`: the rest.
 */
export type Place = 'url' | 'path' | 'header' | 'data' | 'text'

/** Where a text of an action's input stands, by its keys. Items of a path that is a list are encoded by `fetch` itself. */
export function placeIn(action: ActionName, path: readonly string[], inList: boolean): Place {
  if (action !== 'fetch') return action === 'echo' ? 'data' : 'text'
  const key = path[0]?.replace(/\?$/, '')
  if (key === 'url' || key === 'uri') return 'url'
  if (key === 'path') return inList ? 'text' : 'path'
  if (key === 'headers' || key === 'authorization') return 'header'
  return key === 'body' || key === 'query' ? 'data' : 'text'
}

/** Every text of a template, with the keys that lead to it and whether a list does. */
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

/** The JSON that a template without slots is; undefined if it has any. */
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
