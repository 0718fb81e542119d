import { stringifyJson } from '../../kernel/json.ts'
/**
 * JSON that uses ASCII characters only, on one line. The vendor's client decodes each chunk on its own, so it would lose a
 * character whose bytes arrive in two chunks. An escape sequence survives such a cut.
 */
export function asciiJson(value: unknown): string {
  return stringifyJson(value).replaceAll(/[\u007f-\uffff]/g, escaped)
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
