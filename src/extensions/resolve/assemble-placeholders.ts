import { isReferenceName, isSecretName } from '../instruction/reference.ts'
import type { Filling } from '../placeholder/filling.ts'

export type References = Readonly<Record<string, string>>

/** The value of a reference; empty if the run has none. Never the value of a secret. */
export function referenceValue(name: string, references: References): string {
  return !isSecretName(name) && Object.hasOwn(references, name) ? (references[name] ?? '') : ''
}

/**
 * Fills `${CONTACT_NAME}` and other references in one pass, so values are not scanned again. A reference without a
 * value, a secret included, becomes empty; any other `${…}` is not a placeholder and stays. Line breaks in a value
 * become spaces, so that no value can begin a section of the prompt. What is too much to fill in is left out, and `filling`
 * is full.
 */
export function fillPlaceholders(text: string, references: References, filling: Filling): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (written, name: string) => {
    if (!isReferenceName(name)) return written
    const value = referenceValue(name, references)
    return !filling.isFull && filling.take(value.length) ? onOneLine(value) : ''
  })
}

export function onOneLine(text: string): string {
  // Each run of white space is read once, with a break in it or not.
  return text.replaceAll(/[\s\u0085]+/g, (space) => (/[\r\n\v\f\u0085\u2028\u2029]/.test(space) ? ' ' : space))
}
