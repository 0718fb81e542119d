import { parseJson } from '../../kernel/json.ts'

/** A JSON value, or null if the text is none. */
export function readJson(text: string): { readonly value: unknown } | null {
  try {
    return { value: parseJson(text) }
  } catch {
    return null
  }
}

/**
 * The values of JSON lines (https://jsonlines.org, RFC 7464), without empty lines and record separators. Of a text that was
 * cut, the last line is left out. Null if a line is no JSON.
 */
export function readJsonLines(text: string, isCut: boolean): readonly unknown[] | null {
  const lines = text.replaceAll('\u001e', '\n').split(/\r?\n/)
  const whole = isCut ? lines.slice(0, -1) : lines
  const values = whole.filter((line) => line.trim() !== '').map(readJson)
  return values.includes(null) ? null : values.map((parsed) => parsed?.value)
}
