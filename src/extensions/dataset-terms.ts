/** Scripts that put no spaces between words. */
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u
const unspacedRuns =
  /([\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\p{M}ー]+)/u

/** The words of a text: whatever stands between what is no letter, digit or mark. */
export function wordsOf(text: string): string[] {
  return text.split(/[^\p{L}\p{N}\p{M}]+/u).filter((word) => word !== '')
}

/**
 * The terms under which a word is found: without case and accents, and every two neighbouring characters where a script
 * has no spaces between words. A query's words go through the same.
 */
export function termsOf(word: string): string[] {
  const folded = word
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
  if (!unspaced.test(folded)) return [folded]
  return folded
    .split(unspacedRuns)
    .filter((part) => part !== '')
    .flatMap((part) => (unspaced.test(part) ? pairsOf([...part]) : [part]))
}

function pairsOf(characters: readonly string[]): string[] {
  const [only = ''] = characters
  return characters.length < 2 ? [only] : characters.slice(1).map((character, index) => characters[index] + character)
}

/** Whether words that begin with the term are found by it: not by short ones, which begin too many. */
export function isStem(term: string): boolean {
  return unspaced.test(term) ? term.length === 1 : term.length >= 4 && !/\d/.test(term)
}

/** How many slips of the pen a term may be away from a word, as a part of its length. A slip in a number makes another. */
export function slipsIn(term: string): number | false {
  return unspaced.test(term) || term.length < 5 || /\d/.test(term) ? false : 0.2
}
