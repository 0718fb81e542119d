import { stringifyJson } from '../../kernel/json.ts'
import type { Field } from '../placeholder/field.ts'
import { createFilling, mostFilled } from '../placeholder/filling.ts'
import { checkValue, type Json } from '../placeholder/value.ts'
import type { CompiledInstruction } from './instruction.ts'
import { type SlotValues, slotText, wholeValue, withoutQuoting } from './slot.ts'
import { isToken, type Place, placeIn, type Slot, type Template, type TextTemplate } from './template.ts'
import { joinUrl, type UrlPiece } from './url.ts'

export interface FillContext {
  /** The values of references, fixed at dispatch. Never secrets. */
  readonly references: Readonly<Record<string, string>>
  /** At least 16 unguessable letters and digits, new at each call. */
  readonly nonce: () => string
}

export type Filled =
  | {
      readonly kind: 'filled'
      readonly value: Json
      /** Maps each token to the name of the reference it replaces. */
      readonly tokens: ReadonlyMap<string, string>
    }
  | { readonly kind: 'refused'; readonly message: string }

type Refuse = (message: string) => void

/**
 * Fills an instruction with a model's arguments. The shape of the input is fixed before, and arguments fill only its
 * texts and are never parsed: a placeholder, a reference, YAML or a header inside an argument stays plain text.
 * References become tokens that contain the nonce, so only the instruction's own references are resolved later.
 */
export function fillInstruction(
  { action, fields, input }: CompiledInstruction,
  args: Readonly<Record<string, unknown>>,
  { references, nonce }: FillContext,
): Filled {
  const refusals: string[] = []
  const refuse = (message: string) => void refusals.push(message)
  const known = new Map(fields.map((field) => [field.name, field]))
  const given = new Map(fields.map((field) => [field.name, argumentFor(field, args, refuse)]))
  const tokens = createTokens(nonce())
  const filling = createFilling()
  const lengths = new WeakMap<object, number>()
  /** What is written, once it is known to be not too much. */
  const count = <Written extends Json | undefined>(name: string, written: Written): Written | '' => {
    if (filling.isFull || filling.take(lengthOf(written, lengths))) return written
    refuse(`The placeholders fill in more than ${mostFilled} characters; "${name}" makes it too much.`)
    return ''
  }
  const values: SlotValues = {
    field: (name) => known.get(name),
    refuse,
    count,
    value(slot) {
      const { kind, name } = slot
      if (filling.isFull) return undefined
      if (kind === 'field') return given.get(name)
      const value = Object.hasOwn(references, name) ? references[name] : undefined
      if (!isToken(slot)) return value
      count(name, value)
      return tokens.tokenFor(name)
    },
  }

  const fill = (template: Template, path: readonly string[], inList: boolean): Json => {
    switch (template.kind) {
      case 'value':
        return template.value
      case 'list':
        return template.items.map((item) => fill(item, path, true))
      case 'map':
        return Object.fromEntries(template.entries.map(([key, value]) => [key, fill(value, [...path, key], inList)]))
      case 'text':
        return fillText(template, placeIn(action, path, inList), values)
    }
  }
  const value = fill(input, [], false)
  const [message] = refusals
  return message === undefined ? { kind: 'filled', value, tokens: tokens.names } : { kind: 'refused', message }
}

function fillText({ parts, quotes }: TextTemplate, place: Place, values: SlotValues): Json {
  const [first] = parts
  const isWhole = parts.length === 1 && quotes === 'plain'
  if (isWhole && typeof first === 'object' && (place === 'data' || place === 'text')) {
    return values.count(first.name, wholeValue(first, place, values))
  }
  const write = (slot: Slot) => values.count(slot.name, slotText(isWhole ? withoutQuoting(slot) : slot, quotes, values))
  if (place === 'url' || place === 'path') {
    const pieces = parts.map((part): UrlPiece => {
      return typeof part === 'string'
        ? { text: part, filled: null }
        : { text: write(part), filled: inUrl(part, values) }
    })
    return joinUrl(pieces, place === 'path' ? '/' : '', values.refuse)
  }
  return parts
    .map((part) => {
      if (typeof part === 'string') return part
      const text = write(part)
      const breaks = place === 'header' && /[\r\n\0]/.test(text)
      if (breaks) values.refuse(`The field "${part.name}" takes no line break in a header.`)
      return text
    })
    .join('')
}

/** The length of a value as it is written. One value may stand in many places, and is measured once. */
function lengthOf(value: Json | undefined, known: WeakMap<object, number>): number {
  if (typeof value !== 'object' || value === null) return String(value ?? '').length
  const length = known.get(value) ?? stringifyJson(value).length
  known.set(value, length)
  return length
}

function inUrl(slot: Slot, { field }: SlotValues): UrlPiece['filled'] {
  return {
    field: slot.name,
    isRequired: field(slot.name)?.isRequired ?? false,
    // `fetch` encodes a token when it resolves it.
    isEncoded: isToken(slot) || slot.operands.some(({ name }) => name === 'euc'),
  }
}

function createTokens(salt: string) {
  const names = new Map<string, string>()
  const tokens = new Map<string, string>()
  return {
    names,
    tokenFor(name: string): string {
      const token = tokens.get(name) ?? `ref${salt}n${tokens.size}e`
      tokens.set(name, token)
      names.set(token, name)
      return token
    },
  }
}

function argumentFor(field: Field, args: Readonly<Record<string, unknown>>, refuse: Refuse): Json | undefined {
  const isGiven = !field.isHidden && Object.hasOwn(args, field.name)
  // The arguments of a call were parsed from JSON.
  const value = (isGiven ? (args[field.name] as Json | undefined) : null) ?? field.default
  if (value === null) {
    if (field.isRequired) refuse(`Required field "${field.name}" missing in the input.`)
    return undefined
  }
  const checked = checkValue(field, value)
  if (checked.kind === 'value') return checked.value
  refuse(checked.message)
  return undefined
}
