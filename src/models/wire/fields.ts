export type Fields = Readonly<Record<string, unknown>>

/** The fields of a value that a provider sent; none if it is no object. */
export function fieldsOf(value: unknown): Fields {
  // The cast holds because every value under a key is unknown.
  return isObject(value) ? (value as Fields) : {}
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** A count that a provider reports, as a number or its digits; zero if it does not. */
export function countOf(value: unknown): number {
  const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  return typeof count === 'number' && Number.isFinite(count) && count > 0 ? Math.floor(count) : 0
}
