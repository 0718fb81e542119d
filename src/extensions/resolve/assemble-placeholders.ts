import { isReferenceName, isSecretName } from '../instruction/reference.ts'

export type References = Readonly<Record<string, string>>

/** The value of a reference; empty if the run has none. Never the value of a secret. */
export function referenceValue(name: string, references: References): string {
  return !isSecretName(name) && Object.hasOwn(references, name) ? (references[name] ?? '') : ''
}

/**
 * Fills `${CONTACT_NAME}` and other references in one pass, so values are not scanned again. A reference without a
 * value, a secret included, becomes empty; any other `${…}` is not a placeholder and stays. Line breaks in a value
 * become spaces, so that no value can begin a section of the prompt.
 */
export function fillPlaceholders(text: string, references: References): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (written, name: string) =>
    isReferenceName(name) ? onOneLine(referenceValue(name, references)) : written,
  )
}

export function onOneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n\v\f\u0085\u2028\u2029]+\s*/g, ' ')
}
