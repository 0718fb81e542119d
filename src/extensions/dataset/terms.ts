/** Scripts without spaces between words. */
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u
const unspacedRuns =
  /([\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\p{M}ー]+)/u

/** The words of a text: the longest runs of letters, digits and marks. */
export function wordsOf(text: string): string[] {
  return text.split(/[^\p{L}\p{N}\p{M}]+/u).filter((word) => word !== '')
}

/** Words that occur in most English questions. In other languages they are merely frequent. */
const fillers: ReadonlySet<string> = new Set(
  'a an and are as at be been between but by can could did do does for from had has have how i if in into is it its many may me might much must my not of on or our shall should so than that the their them then there these they this those to was we were what when where which who whom whose why will with would you your'.split(
    ' ',
  ),
)

/** The distinct words of a query without filler words; all of its words if nothing else is left. */
export function tellingWords(query: string): readonly string[] {
  const words = [...new Map(wordsOf(query).map((word) => [word.toLowerCase(), word])).values()]
  const telling = words.filter((word) => !fillers.has(word.toLowerCase()))
  return telling.length === 0 ? words : telling
}

/**
 * The index terms of a word: without case and accents; in scripts without spaces, every pair of neighbouring
 * characters. Queries are split the same way.
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

/** Whether a search for the term also finds longer words that begin with it. Short terms would match too many. */
export function isStem(term: string): boolean {
  return unspaced.test(term) ? term.length === 1 : term.length >= 4 && !/\d/.test(term)
}

/**
 * The number of typos that a match may have, as a fraction of the length of the term. False for numbers: another digit
 * is another number.
 */
export function slipsIn(term: string): number | false {
  return unspaced.test(term) || term.length < 5 || /\d/.test(term) ? false : 0.2
}
