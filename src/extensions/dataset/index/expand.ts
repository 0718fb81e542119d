import { isUnspaced } from '../words/unspaced.ts'
import { distance } from './distance.ts'
import type { Vocabulary, WrittenTerm } from './vocabulary.ts'

/** A term that a word of a query also finds, and what that is worth. */
export interface Expansion {
  readonly number: number
  readonly worth: number
}

/** Of each kind at most so many, the nearest first. */
const most = 128

const worth = { beginning: 0.4, slip: 0.1, inflected: 0.1, part: 0.2, character: 0.3 } as const

/** Terms that begin with the word, and terms with slips of the pen; for a character without spaces, words with it. */
export function expand(word: string, vocabulary: Vocabulary): readonly Expansion[] {
  if (isUnspaced(word)) {
    const longer = vocabulary.longer(word).filter(({ term }) => term.includes(word))
    return nearest(longer, word, worth.character)
  }
  const isLong = word.length >= 4 && !/\d/.test(word)
  const beginnings = isLong ? vocabulary.longer(word).filter(({ term }) => term.startsWith(word)) : []
  return [...nearest(beginnings, word, worth.beginning), ...misspelled(word, vocabulary)]
}

/** Numbers have no slips: another digit is another number. */
function misspelled(word: string, vocabulary: Vocabulary): readonly Expansion[] {
  if (word.length < 5 || /\d/.test(word)) return []
  const slips = Math.min(Math.round(word.length * 0.2), 3)
  const found: Expansion[] = []
  for (const { term, number } of vocabulary.near(word, slips)) {
    if (term.startsWith(word) || /\d/.test(term)) continue
    const between = distance(word, term, slips)
    if (between <= slips) found.push({ number, worth: (worth.slip * term.length) / (term.length + between) })
  }
  return found.sort((a, b) => b.worth - a.worth).slice(0, most)
}

function nearest(terms: readonly WrittenTerm[], word: string, value: number): readonly Expansion[] {
  const sorted = terms.length > most ? terms.toSorted((a, b) => a.term.length - b.term.length).slice(0, most) : terms
  return sorted.map(({ term, number }) => ({
    number,
    worth: (value * term.length) / (term.length + 0.3 * (term.length - word.length)),
  }))
}

/**
 * What a word finds that is in no text as it is written, nor by its stem: other endings of it, longer words that end
 * with it, and the two words that it is made of.
 */
export function widen(word: string, vocabulary: Vocabulary): readonly Expansion[] {
  // A syllable of Korean is worth two or three letters.
  const least = /^[가-힣]+$/.test(word) ? 2 : 4
  if (word.length < least + 1 || /\d/.test(word) || isUnspaced(word)) return []
  const compounds = vocabulary.longer(word).filter(({ term }) => term.endsWith(word))
  const two = twoWords(word, least, vocabulary)
  return [
    ...(two.length > 0 ? [] : inflected(word, least, vocabulary)),
    ...nearest(compounds, word, worth.part),
    ...two.map((number) => ({ number, worth: worth.part })),
  ]
}

/** Words that share seven tenths of the word, and words of which the word has all but the last letter. */
function inflected(word: string, least: number, { longer }: Vocabulary): readonly Expansion[] {
  const start = word.slice(0, Math.max(least, Math.ceil(word.length * 0.7)))
  const found = longer(word.slice(0, least))
    .filter(({ term }) => {
      if (term.startsWith(start)) return term.length <= word.length + 4
      return term.length < word.length && word.startsWith(term.slice(0, -1))
    })
    .map(({ term, number }) => ({ number, worth: worth.inflected * shared(term, word) }))
  return found.sort((a, b) => b.worth - a.worth).slice(0, most)
}

/** Which part of the longer of two words is their common beginning. */
function shared(one: string, other: string): number {
  let length = 0
  while (length < one.length && one[length] === other[length]) length += 1
  return length / Math.max(one.length, other.length)
}

/** Rechnungsnummer from Rechnung and Nummer: between them at most two letters. */
function twoWords(word: string, least: number, { find }: Vocabulary): readonly number[] {
  for (let head = word.length - least; head >= least; head -= 1) {
    const first = find(word.slice(0, head))
    if (first < 0) continue
    for (let between = 0; between <= 2 && word.length - head - between >= least; between += 1) {
      const second = find(word.slice(head + between))
      if (second >= 0) return [first, second]
    }
  }
  return []
}
