import type { Field } from '../placeholder/field.ts'
import type { TextOperandName } from '../placeholder/operand.ts'
import { applyOperands, isPresent, type Json, parseJson, toText } from '../placeholder/value.ts'
import type { Place, Slot, TextTemplate } from './template.ts'

/** What the slots of one filling stand for. */
export interface SlotValues {
  /** Undefined when nothing fills it. */
  readonly value: (slot: Slot) => Json | undefined
  readonly field: (name: string) => Field | undefined
  readonly refuse: (message: string) => void
}

const quoting: readonly TextOperandName[] = ['ys', 'js', 'dq', 'sq']
const json: readonly TextOperandName[] = ['j', 'y']

/** What a slot puts into the text around it. */
export function slotText(slot: Slot, quotes: TextTemplate['quotes'], { value, refuse }: SlotValues): string {
  const given = value(slot)
  const operands = slot.operands.filter(
    ({ name }) => !(name === 'edq' && quotes === 'double') && !(name === 'esq' && quotes === 'single'),
  )
  const isJson = operands.some(({ name }) => json.includes(name))
  if (isJson && isPresent(given) && parseJson(given) === undefined) refuse(`The field "${slot.name}" takes JSON.`)
  return toText(applyOperands(given, operands))
}

/**
 * What a slot is that stands alone where YAML has an unquoted scalar: a number stays one, and `j` or `y` makes a text the JSON
 * that it holds, where data belongs.
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
  const read = isJson ? parseJson(given) : given
  if (read === undefined) refuse(`The field "${slot.name}" takes JSON.`)
  return place === 'data' || typeof read !== 'object' ? (read ?? null) : toText(read)
}

/** A slot that is all of an unquoted scalar was quoted for YAML's sake, and YAML has been read by now. */
export function withoutQuoting(slot: Slot): Slot {
  const last = slot.operands.at(-1)
  return last !== undefined && quoting.includes(last.name) ? { ...slot, operands: slot.operands.slice(0, -1) } : slot
}
