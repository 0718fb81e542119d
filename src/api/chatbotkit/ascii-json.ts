/**
 * JSON in ASCII alone. The vendor's client decodes each chunk by itself, so a character whose bytes come in two chunks
 * would be lost; an escape cannot be cut so. One line, whatever the value holds.
 */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[\u007f-\uffff]/g, escaped)
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
