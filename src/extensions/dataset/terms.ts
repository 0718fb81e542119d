/** Scripts that put no spaces between words. */
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u
const unspacedRuns =
  /([\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\p{M}ー]+)/u

/** The words of a text: whatever stands between what is no letter, digit or mark. */
export function wordsOf(text: string): string[] {
  return text.split(/[^\p{L}\p{N}\p{M}]+/u).filter((word) => word !== '')
}

/** What most English questions hold, whatever they ask for. In other languages such words are merely common. */
const fillers: ReadonlySet<string> = new Set(
  'a an and are as at be been between but by can could did do does for from had has have how i if in into is it its many may me might much must my not of on or our shall should so than that the their them then there these they this those to was we were what when where which who whom whose why will with would you your'.split(
    ' ',
  ),
)

/** The words of a query that tell what it is after, each once; all of them when none does. */
export function tellingWords(query: string): readonly string[] {
  const words = [...new Map(wordsOf(query).map((word) => [word.toLowerCase(), word])).values()]
  const telling = words.filter((word) => !fillers.has(word.toLowerCase()))
  return telling.length === 0 ? words : telling
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
