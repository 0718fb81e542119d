/**
 * JSON whose texts, and names of fields, hold no half of a surrogate pair: callers cut texts in the middle of a character,
 * and Anthropic, for one, cannot read a body with half of one. The same value where all is well.
 */
export function wellFormed<Value>(value: Value): Value
export function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (Array.isArray(value)) {
    const items = value.map(wellFormed)
    return items.every((item, index) => item === value[index]) ? value : items
  }
  const before = Object.entries(value)
  const after = before.map(([name, inner]) => [name.toWellFormed(), wellFormed(inner)] as const)
  const isSame = after.every(([name, inner], index) => name === before[index]?.[0] && inner === before[index]?.[1])
  return isSame ? value : Object.fromEntries(after)
}
