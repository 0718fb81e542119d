import type { Part } from './template.ts'

/** A text in which a mark, a word that stands nowhere else in it, holds the place of each slot. */
export interface MarkedText {
  readonly text: string
  /** Parts a piece of the text at its marks again. */
  unmark(piece: string): readonly Part[]
}

/**
 * Puts marks in the place of slots, so that YAML, JSON or HTTP can be read before anything is filled in: a mark is a plain
 * word to each of them, whatever stands between the brackets of the placeholder.
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
