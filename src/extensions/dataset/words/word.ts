import { accented, fold, isAscii, spelledOut } from './fold.ts'
import { type LanguageName, stemsOf } from './languages.ts'

/** The forms under which a word is found. */
export interface WordForms {
  /** Without case, accents and vowel points. */
  readonly folded: string
  /** With its accents; null without. Finds the exact spelling first: đường before dương. */
  readonly accented: string | null
  /** Stems, and the word spelled without special keys. */
  readonly stems: readonly string[]
  /** Korean only: pairs of syllables, because writers put spaces between nouns or do not. */
  readonly pairs: readonly string[]
}

/** Tells the forms of a normalised word that has spaces around it. */
export type FormsOf = (word: string) => WordForms

/** So many words are remembered: texts repeat most of theirs, and stemmers take their time. */
const mostRemembered = 50_000

export function createFormsOf(languages: readonly LanguageName[]): FormsOf {
  const remembered = new Map<string, WordForms>()
  return (word) => {
    const known = remembered.get(word)
    if (known !== undefined) return known
    const forms = formsOf(word, languages)
    if (remembered.size >= mostRemembered) remembered.clear()
    remembered.set(word, forms)
    return forms
  }
}

function formsOf(word: string, languages: readonly LanguageName[]): WordForms {
  const folded = fold(word)
  if (/\d/.test(folded)) return { folded, accented: null, stems: [], pairs: [] }
  const written = stemsOf(word, languages)
  if (isAscii(word)) return { folded, accented: null, stems: written, pairs: [] }
  const spelled = spelledOut(word)
  const stems = new Set([...written.map(fold), ...(spelled === null ? [] : [spelled])])
  stems.delete(folded)
  return {
    folded,
    accented: accented(word),
    stems: [...stems],
    pairs: syllables.test(folded) ? pairsOf(written[0] ?? folded) : [],
  }
}

const syllables = /^[가-힣]{3,}$/

function pairsOf(text: string): readonly string[] {
  return text.length < 3 ? [] : Array.from({ length: text.length - 1 }, (_, index) => text.slice(index, index + 2))
}
