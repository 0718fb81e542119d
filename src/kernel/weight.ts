/** For each value beside its text: about what it costs in memory, and at least what it costs as JSON. */
const perValue = 8

/**
 * About how large a value is in memory and as JSON: its UTF-16 code units, names included, and a little for each value in it.
 * Stops counting above `enough`.
 */
export function weightOf(value: unknown, enough: number): number {
  const left: unknown[] = [value]
  let weight = 0
  for (let next = left.pop(); weight <= enough; next = left.pop()) {
    weight += perValue
    if (typeof next === 'string') weight += next.length
    else if (Array.isArray(next)) for (const item of next) left.push(item)
    else if (typeof next === 'object' && next !== null) {
      for (const [name, part] of Object.entries(next)) {
        weight += name.length
        left.push(part)
      }
    }
    if (left.length === 0) break
  }
  return weight
}
