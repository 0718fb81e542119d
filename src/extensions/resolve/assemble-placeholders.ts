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
 * become spaces, so that no value can begin a section of the prompt. Once `filling` is full, the rest is not
 * filled in.
 */
export function fillPlaceholders(text: string, references: References, filling: Filling): string {
  let filled = ''
  let end = 0
  for (const { 0: written, 1: name = '', index } of text.matchAll(/\$\{(\w+)\}/g)) {
    if (filling.isFull) break
    if (!isReferenceName(name)) continue
    const value = referenceValue(name, references)
    filled += text.slice(end, index) + (filling.take(value.length) ? onOneLine(value) : '')
    end = index + written.length
  }
  return filled + text.slice(end)
}

export function onOneLine(text: string): string {
  // Each run of white space is read once, with a break in it or not.
  return text.replaceAll(/[\s\u0085]+/g, (space) => (/[\r\n\v\f\u0085\u2028\u2029]/.test(space) ? ' ' : space))
}
