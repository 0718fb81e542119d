import { mapJson } from '../../kernel/map-json.ts'
import { FetchRefused } from '../safe-fetch/fault.ts'

/** Returns the value of a reference for one place of a request. May throw FetchRefused. */
export type ReferenceValue = (name: string) => string

/** Replaces reference tokens with values in one pass, so a value that looks like a token is not replaced again. */
export interface ReferenceFiller {
  text(text: string, valueFor: ReferenceValue): string
  /** Fills every string of a JSON value. Throws for a reference in a key, because a value must not choose a key. */
  data(data: unknown, valueFor: ReferenceValue): unknown
  has(text: string): boolean
}

export function createReferenceFiller(tokens: ReadonlyMap<string, string>): ReferenceFiller {
  // Longest first, in case one token is a prefix of another.
  const sorted = [...tokens.keys()].filter((token) => token !== '').sort((a, b) => b.length - a.length)
  const pattern = sorted.length === 0 ? null : new RegExp(sorted.map(escapePattern).join('|'), 'g')

  const text = (from: string, valueFor: ReferenceValue) =>
    pattern === null ? from : from.replace(pattern, (token) => valueFor(tokens.get(token) ?? ''))

  const misplaced: ReferenceValue = (name) => {
    throw new FetchRefused(`The name of a field contains the reference ${name}; names cannot contain references.`)
  }

  function data(value: unknown, valueFor: ReferenceValue): unknown {
    const leaf = (inner: unknown) => (typeof inner === 'string' ? text(inner, valueFor) : inner)
    return mapJson(value, { leaf, name: (name) => text(name, misplaced) })
  }

  return { text, data, has: (from) => sorted.some((token) => from.includes(token)) }
}

const secretName = /^SECRET_(\w+)$/

/** The part after `SECRET_`: `TOKEN` for `SECRET_TOKEN`. Null for any other reference. */
export function secretOf(reference: string): string | null {
  return secretName.exec(reference)?.[1] ?? null
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
}
