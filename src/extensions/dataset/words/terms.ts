import { joinsOf, longest, type Part, partsOf, piecesOf } from './chunks.ts'
import { withoutClitics } from './clitics.ts'
import { fold } from './fold.ts'
import { isUnspaced, readRun, runsOf } from './unspaced.ts'
import type { FormsOf } from './word.ts'

/** The terms under which a chunk is indexed. */
export interface Terms {
  /** The words as they are written, folded. */
  readonly plain: readonly string[]
  /** Stems, parts of codes, joined codes, pairs of characters: found too, and ranked below. */
  readonly derived: readonly string[]
}

/** Marks a derived term in a query, which tells it from a word that is written so. */
export const derivedMark = '\u0001'
/** Begins the derived term that is a word with its accents. */
export const accentMark = '\u0002'

/** C++, C#, .NET: the sign makes the name. */
export function signedName(chunk: string): string | null {
  return /^\.\p{L}+$|^\p{L}+(?:\+{1,2}|#)$/u.test(chunk) ? fold(chunk) : null
}

/** Most words of most alphabets, which need no further look. */
const simpleWord = /^\p{Lu}?\p{Ll}+$/u

/** The terms of a chunk of normalised text. At most about twenty for each of its pieces. */
export function termsOf(chunk: string, formsOf: FormsOf): Terms {
  if (simpleWord.test(chunk)) {
    const { folded, accented, stems } = formsOf(chunk.slice(0, longest))
    return { plain: [folded], derived: accented === null ? stems : [...stems, accentMark + accented] }
  }
  const plain = new Set<string>()
  const derived = new Set<string>()
  const pieces = piecesOf(chunk)
  const parts: Part[] = []
  const addWord = (word: string) => {
    const { folded, accented, stems, pairs } = formsOf(word)
    if (accented !== null) derived.add(accentMark + accented)
    for (const form of stems) derived.add(form)
    for (const pair of pairs) derived.add(pair)
    return folded
  }
  const addRun = (text: string) => {
    const { words, pairs } = readRun(text)
    for (const word of words) plain.add(word)
    for (const pair of pairs) if (!plain.has(pair)) derived.add(pair)
  }
  for (const { text, sign } of withoutClitics(pieces)) {
    const within = partsOf(text)
    for (const [index, part] of within.entries()) {
      for (const run of isUnspaced(part) ? runsOf(part) : [part]) {
        if (isUnspaced(run)) addRun(run)
        else {
          const folded = addWord(run)
          if (within.length === 1) plain.add(folded)
          else if (folded.length > 1 || /\d/.test(folded)) derived.add(folded)
        }
      }
      parts.push({ text: fold(part), sign: index === 0 ? sign : '' })
    }
    if (within.length > 1 && !isUnspaced(text)) plain.add(fold(text))
  }
  const joined = parts.length < pieces.length ? pieces.map(({ text, sign }) => ({ text: fold(text), sign })) : parts
  for (const join of joinsOf(joined)) if (!plain.has(join) && !isUnspaced(join)) derived.add(join)
  const name = signedName(chunk)
  if (name !== null) plain.add(name)
  // Of signs that are all left out, as tatweel is.
  plain.delete('')
  derived.delete('')
  return { plain: [...plain], derived: [...derived] }
}
