import { derivedMark } from '../words/terms.ts'

/** The terms of an index, and a number for each. */
export interface Vocabulary {
  /** The number of a term as it is written in a text. Like the next, makes one for a new term, or -1 if it is full. */
  written(term: string): number
  /** The number of a term that is derived from what is written, without its mark. */
  derived(term: string): number
  /** The number of a written term, or of a derived one with its mark. -1: no such term. */
  find(term: string): number
  /** How many terms there are as they are written in texts. Derived ones do not count, here and below. */
  size(): number
  /** Longer terms that have all letters of the text. */
  longer(text: string): readonly WrittenTerm[]
  /** Terms whose length differs by at most so many, and whose letters differ by at most twice as many. */
  near(text: string, most: number): readonly WrittenTerm[]
}

export interface WrittenTerm {
  readonly term: string
  readonly number: number
}

/** Terms beyond these are not indexed: no text that people write has so many. */
const mostTerms = { written: 2_000_000, derived: 750_000 } as const

/** The terms of one length. */
interface LengthList {
  readonly terms: string[]
  readonly numbers: number[]
  /** For each term the set of its letters, one bit each, modulo 31: a small integer, which needs no memory of its own. */
  readonly letters: number[]
}

export function createVocabulary(): Vocabulary {
  // Apart, so that no term needs its mark in memory.
  const written = new Map<string, number>()
  const derived = new Map<string, number>()
  const byLength: LengthList[] = []

  const listsFrom = (least: number, most: number) => byLength.slice(least, most + 1)

  return {
    size: () => written.size,
    find: (term) => (term.startsWith(derivedMark) ? derived.get(term.slice(1)) : written.get(term)) ?? -1,
    written(term) {
      const known = written.get(term)
      if (known !== undefined) return known
      if (written.size >= mostTerms.written) return -1
      const number = written.size + derived.size
      written.set(term, number)
      while (byLength.length <= term.length) byLength.push({ terms: [], numbers: [], letters: [] })
      const list = byLength[term.length]
      list?.terms.push(term)
      list?.numbers.push(number)
      list?.letters.push(lettersOf(term))
      return number
    },
    derived(term) {
      const known = derived.get(term)
      if (known !== undefined) return known
      if (derived.size >= mostTerms.derived) return -1
      const number = written.size + derived.size
      derived.set(term, number)
      return number
    },
    // Both look at each term: what is not decided within the loop is a call for each of them.
    longer(text) {
      const letters = lettersOf(text)
      const found: WrittenTerm[] = []
      for (const list of listsFrom(text.length + 1, Number.POSITIVE_INFINITY)) {
        const sets = list.letters
        for (let index = 0; index < sets.length; index += 1) {
          if ((letters & ~(sets[index] ?? 0)) === 0) found.push(termAt(list, index))
        }
      }
      return found
    },
    near(text, most) {
      const letters = lettersOf(text)
      const found: WrittenTerm[] = []
      for (const list of listsFrom(Math.max(1, text.length - most), text.length + most)) {
        const sets = list.letters
        for (let index = 0; index < sets.length; index += 1) {
          // Each slip changes at most two letters of the set.
          if (bitsOf(letters ^ (sets[index] ?? 0)) <= 2 * most) found.push(termAt(list, index))
        }
      }
      return found
    },
  }
}

function termAt({ terms, numbers }: LengthList, index: number): WrittenTerm {
  return { term: terms[index] ?? '', number: numbers[index] ?? -1 }
}

function lettersOf(term: string): number {
  let letters = 0
  for (let index = 0; index < term.length; index += 1) letters |= 1 << (term.charCodeAt(index) % 31)
  return letters
}

function bitsOf(number: number): number {
  let bits = number - ((number >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}
