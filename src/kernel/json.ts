import { mapJson } from './map-json.ts'

/**
 * JSON that keeps the digits of whole numbers: ids of many services are beyond 2^53, where a number of JavaScript's would be
 * rounded without a word. Such a number is a bigint here; all others are numbers, as everywhere.
 */
export function parseJson(text: string): unknown {
  return manyDigits.test(text) ? JSON.parse(text, exactNumber) : JSON.parse(text)
}

/** JSON of a value in which there may be bigints, which become its numbers with all their digits. */
export function stringifyJson(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    // The slower way, which fails again where the reason was another one. Every event is written with this.
    return JSON.stringify(value, (_name, inner: unknown) =>
      typeof inner === 'bigint' ? rawJson(String(inner)) : inner,
    )
  }
}

/** The value for who writes JSON without knowing of bigints: theirs become objects that `JSON.stringify` writes as numbers. */
export function withRawNumbers(value: unknown): unknown {
  return mapJson(value, { leaf: (inner) => (typeof inner === 'bigint' ? rawJson(String(inner)) : inner) })
}

/** The value for who reckons: bigints become the numbers next to them. */
export function withRoundedNumbers(value: unknown): unknown {
  return mapJson(value, { leaf: (inner) => (typeof inner === 'bigint' ? Number(inner) : inner) })
}

/** Shorter ones are exact in any case. */
const manyDigits = /\d{16}/

/** A reviver for `JSON.parse`, for those who call it themselves. */
export function exactNumber(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context?.source ?? ''
  // Powers of two, for one, are exact beyond 2^53 as well.
  return /^-?\d+$/.test(source) && String(value) !== source ? BigInt(source) : value
}

/** Of Node since 21; TypeScript has no word for it yet. */
const { rawJSON: rawJson } = JSON as unknown as { readonly rawJSON: (text: string) => object }
