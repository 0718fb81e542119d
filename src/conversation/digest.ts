import { hash } from 'node:crypto'
import { withRawNumbers } from '../kernel/json.ts'

/** SHA-256 of a value's canonical JSON. The order of keys does not matter. */
export function digest(value: unknown): string {
  return hash('sha256', canonicalJson(value), 'base64url')
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === 'bigint') return withRawNumbers(inner)
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
