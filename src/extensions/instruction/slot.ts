import type { Field } from '../placeholder/field.ts'
import type { TextOperandName } from '../placeholder/operand.ts'
import { applyOperands, isPresent, type Json, readJson, toText } from '../placeholder/value.ts'
import type { Place, Slot, TextTemplate } from './template.ts'

/** The values of the slots for one call. */
export interface SlotValues {
  /** The value of a slot; undefined if it has none. */
  readonly value: (slot: Slot) => Json | undefined
  readonly field: (name: string) => Field | undefined
  /** Counts what the slot of that name fills in; nothing is written once it is too much. */
  readonly count: <Written extends Json | undefined>(name: string, written: Written) => Written | ''
  readonly refuse: (message: string) => void
}

const quoting: readonly TextOperandName[] = ['ys', 'js', 'dq', 'sq']
const json: readonly TextOperandName[] = ['j', 'y']

/** The text of a slot within the text around it. */
export function slotText(slot: Slot, quotes: TextTemplate['quotes'], { value, refuse }: SlotValues): string {
  const given = value(slot)
  const operands = slot.operands.filter(
    ({ name }) => !(name === 'edq' && quotes === 'double') && !(name === 'esq' && quotes === 'single'),
  )
  const isJson = operands.some(({ name }) => json.includes(name))
  if (isJson && isPresent(given) && readJson(given) === undefined) refuse(`The field "${slot.name}" takes JSON.`)
  return toText(applyOperands(given, operands))
}

/**
 * The value of a slot that is a whole unquoted YAML scalar: a number stays a number, and where data belongs the
 * operands `j` and `y` parse a text as JSON.
 */
export function wholeValue(slot: Slot, place: Place, { value, field, refuse }: SlotValues): Json {
  const last = slot.operands.at(-1)
  const isJson = last !== undefined && json.includes(last.name)
  const { operands } = isJson ? { operands: slot.operands.slice(0, -1) } : withoutQuoting(slot)
  const given = applyOperands(value(slot), operands)
  if (!isPresent(given)) {
    if (last?.isOptional === true) return null
    if (isJson) return place === 'data' ? {} : ''
    return (field(slot.name)?.type ?? 'string') === 'string' ? '' : null
  }
  const read = isJson ? readJson(given) : given
  if (read === undefined) refuse(`The field "${slot.name}" takes JSON.`)
  return place === 'data' || typeof read !== 'object' ? (read ?? null) : toText(read)
}

/** Drops quoting operands from a slot that is a whole scalar: they served YAML, which has been parsed already. */
export function withoutQuoting(slot: Slot): Slot {
  const last = slot.operands.at(-1)
  return last !== undefined && quoting.includes(last.name) ? { ...slot, operands: slot.operands.slice(0, -1) } : slot
}
