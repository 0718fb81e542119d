import { mapJson } from '../../kernel/map-json.ts'

const whole = (text: string) => text.toWellFormed()

/**
 * JSON whose texts and names of fields hold no half of a surrogate pair. Callers cut texts in the middle of a character,
 * and Anthropic, for one, cannot read a body with half of one. The same value if all is well.
 */
export function wellFormed<Value>(value: Value): Value
export function wellFormed(value: unknown): unknown {
  return mapJson(value, { leaf: (inner) => (typeof inner === 'string' ? whole(inner) : inner), name: whole })
}
