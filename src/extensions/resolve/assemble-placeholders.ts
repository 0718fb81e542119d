import { isReferenceName, isSecretName } from '../instruction/reference.ts'

export type References = Readonly<Record<string, string>>

/** What a reference stands for; empty when the run does not have it. Secrets never stand in a prompt. */
export function referenceValue(name: string, references: References): string {
  return !isSecretName(name) && Object.hasOwn(references, name) ? (references[name] ?? '') : ''
}

/**
 * Fills `${CONTACT_NAME}` and the like, in one pass: what a value holds is not looked at again. References without a
 * value, secrets among them, become empty; any other `${…}` is no placeholder and stays. A value's line breaks become
 * spaces, so that none can begin a section of the prompt.
 */
export function fillPlaceholders(text: string, references: References): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (written, name: string) =>
    isReferenceName(name) ? onOneLine(referenceValue(name, references)) : written,
  )
}

export function onOneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n\v\f\u0085\u2028\u2029]+\s*/g, ' ')
}
