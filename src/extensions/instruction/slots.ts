import { type FieldMention, mentionOf } from '../placeholder/field.ts'
import { type Placeholder, scanPlaceholders } from '../placeholder/placeholder.ts'
import { isReferenceName, isSecretName } from './reference.ts'
import type { Part, Slot } from './template.ts'

type Refuse = (message: string) => void

/** Reads the slots of a text, and what their placeholders declare about the fields. */
export function readSlots(
  text: string,
  refuse: Refuse,
): { readonly parts: readonly Part[]; readonly mentions: readonly FieldMention[] } {
  const pieces = scanPlaceholders(text, refuse)
  const placeholders = pieces.filter((piece) => typeof piece !== 'string')
  for (const { shape, name, operands } of placeholders) {
    if (!isSecretName(name)) continue
    if (shape !== 'curly') refuse(`A secret is not a field: write \${${name}}.`)
    if (operands.length > 0) refuse(`The secret ${name} takes no operands.`)
  }
  const fields = placeholders.filter((placeholder) => slotOf(placeholder).kind === 'field')
  for (const { name, operands } of fields) {
    const value = operands.find((operand) => operand.kind === 'rule' && operand.name === 'default')
    const isFilled =
      value?.kind === 'rule' && scanPlaceholders(value.argument, refuse).some((piece) => typeof piece !== 'string')
    if (isFilled) refuse(`The default of "${name}" holds a placeholder; it takes a plain value.`)
  }
  const parts = pieces.map((piece): Part => (typeof piece === 'string' ? piece : slotOf(piece)))
  return { parts, mentions: fields.map((field) => mentionOf(field, refuse)) }
}

export function slotOf({ name, shape, operands }: Pick<Placeholder, 'name' | 'shape' | 'operands'>): Slot {
  return {
    kind: shape === 'curly' && isReferenceName(name) ? 'reference' : 'field',
    name,
    operands: operands.filter((operand) => operand.kind === 'text'),
  }
}
