import { FetchRefused } from '../safe-fetch/fault.ts'

/** What stands for a reference in one place of a request; may throw FetchRefused. */
export type ReferenceValue = (name: string) => string

/** Puts values in place of reference tokens. In one pass: a value that looks like a token stays what it is. */
export interface ReferenceFiller {
  text(text: string, valueFor: ReferenceValue): string
  /** Every string of a JSON value. A reference in a key throws, for a key is never a value's to choose. */
  data(data: unknown, valueFor: ReferenceValue): unknown
  has(text: string): boolean
}

export function createReferenceFiller(tokens: ReadonlyMap<string, string>): ReferenceFiller {
  // The longest first, in case one token begins another.
  const sorted = [...tokens.keys()].filter((token) => token !== '').sort((a, b) => b.length - a.length)
  const pattern = sorted.length === 0 ? null : new RegExp(sorted.map(escapePattern).join('|'), 'g')

  const text = (from: string, valueFor: ReferenceValue) =>
    pattern === null ? from : from.replace(pattern, (token) => valueFor(tokens.get(token) ?? ''))

  const misplaced: ReferenceValue = (name) => {
    throw new FetchRefused(`The reference ${name} stands in the name of a field, where none is filled in.`)
  }

  function data(value: unknown, valueFor: ReferenceValue): unknown {
    if (typeof value === 'string') return text(value, valueFor)
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map((inner) => data(inner, valueFor))
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [text(key, misplaced), data(inner, valueFor)]),
    )
  }

  return { text, data, has: (from) => sorted.some((token) => from.includes(token)) }
}

const secretName = /^SECRET_(\w+)$/

/** `TOKEN` of `SECRET_TOKEN`; null for every other reference. */
export function secretOf(reference: string): string | null {
  return secretName.exec(reference)?.[1] ?? null
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
}
