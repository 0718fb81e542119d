import type { Part } from './template.ts'

/** A text in which each slot is replaced by a mark: a word that occurs nowhere else in the text. */
export interface MarkedText {
  readonly text: string
  /** Splits a piece of the text at its marks, and puts the slots back. */
  unmark(piece: string): readonly Part[]
}

/**
 * Replaces slots with marks, so that YAML, JSON or HTTP can be parsed before anything is filled in. To each parser a
 * mark is a plain word, whatever the brackets of the placeholder contain.
 */
export function markSlots(parts: readonly Part[]): MarkedText {
  const literal = parts.filter((part) => typeof part === 'string').join('')
  let word = 'slot'
  while (literal.includes(word)) word += 'x'
  const slots = parts.filter((part) => typeof part !== 'string')
  let count = 0
  const anyMark = new RegExp(`${word}(\\d+)e`)
  return {
    text: parts.map((part) => (typeof part === 'string' ? part : `${word}${count++}e`)).join(''),
    unmark: (piece) =>
      piece
        .split(anyMark)
        .map((part, index) => (index % 2 === 0 ? part : (slots[Number(part)] ?? '')))
        .filter((part) => part !== ''),
  }
}
