import { chunksOf, joinsOf, type Part, type Piece, partsOf, piecesOf } from './chunks.ts'
import { withoutClitics } from './clitics.ts'
import { fold, normalise } from './fold.ts'
import { accentMark, derivedMark, signedName } from './terms.ts'
import { isUnspaced, readRun, runsOf } from './unspaced.ts'
import type { FormsOf } from './word.ts'

/**
 * What one word of a query looks for: a passage with all of these. A passage gets more for two units found than for one
 * unit found twice.
 */
export type Unit = readonly Wanted[]

export interface Wanted {
  /** Terms as they are indexed, and what finding each is worth; the word as it is written is worth 1. */
  readonly terms: ReadonlyMap<string, number>
  /** The word to look for by its beginning, with slips and by its parts. Null: the terms alone. */
  readonly word: string | null
}

const worth = { derived: 0.6, accent: 0.4, stem: 0.5, pair: 0.2, crossing: 0.3, shortPart: 0.2 } as const

/** Words that occur in most English questions. In other languages they are merely frequent. */
const fillers: ReadonlySet<string> = new Set(
  'a an and are as at be been between but by can could did do does for from had has have how i if in into is it its many may me might much must my not of on or our shall should so than that the their them then there these they this those to was we were what when where which who whom whose why will with would you your'.split(
    ' ',
  ),
)

/** The distinct chunks of a query without filler words; all of them if nothing else is left. IT is no filler. */
export function tellingChunks(query: string): readonly string[] {
  const chunks = [...new Map(chunksOf(normalise(query)).map((chunk) => [chunk.toLowerCase(), chunk])).values()]
  const isShouted = !/\p{Ll}/u.test(query)
  const telling = chunks.filter((chunk) => !isFiller(chunk) || (!isShouted && /^\p{Lu}{2,}$/u.test(chunk)))
  return telling.length === 0 ? chunks : telling
}

function isFiller(chunk: string): boolean {
  return fillers.has(chunk.toLowerCase())
}

/** The units of a query, at most `most`, the first words first. */
export function unitsOf(query: string, formsOf: FormsOf, most: number): readonly Unit[] {
  const chunks = tellingChunks(query)
  const units = chunks.flatMap((chunk) => unitsOfChunk(chunk, formsOf))
  const joins = chunksOf(normalise(query)).flatMap((chunk, index, all) => {
    const next = all[index + 1]
    return next === undefined || isFiller(chunk) || isFiller(next) ? [] : joinedUnit(chunk, next)
  })
  return [...units.slice(0, most), ...joins.slice(0, most)]
}

/** wi fi, iPhone 15: two words that a text may write as one. */
function joinedUnit(chunk: string, next: string): readonly Unit[] {
  if (isUnspaced(chunk) || isUnspaced(next)) return []
  const pieces = [...piecesOf(chunk), ...piecesOf(next)]
  return pieces.length > 4 ? [] : [exactUnit(pieces.map(({ text }) => fold(text)).join(''))]
}

function exactUnit(term: string): Unit {
  return [{ terms: marked(term, 1, worth.derived), word: null }]
}

function marked(term: string, plain: number, derived: number): Map<string, number> {
  return new Map([
    [term, plain],
    [derivedMark + term, derived],
  ])
}

function unitsOfChunk(chunk: string, formsOf: FormsOf): readonly Unit[] {
  const name = signedName(chunk)
  const named: readonly Unit[] = name === null ? [] : [[{ terms: new Map([[name, 1]]), word: null }]]
  if (name !== null && !name.startsWith('.')) return named
  const all = piecesOf(chunk)
  const pieces = withoutClitics(all)
  const units = pieces.flatMap(({ text }) => unitsOfPiece(text, all.length === 1, formsOf))
  const partsOfPiece = ({ text, sign }: Piece): readonly Part[] =>
    partsOf(text).map((part, index) => ({ text: fold(part), sign: index === 0 ? sign : '' }))
  const parts =
    pieces.length < all.length
      ? all.map(({ text, sign }) => ({ text: fold(text), sign }))
      : pieces.flatMap(partsOfPiece)
  const join = joinsOf(parts).reduce((longest, each) => (each.length > longest.length ? each : longest), '')
  const joined = all.length > 1 && join !== '' && !isUnspaced(join) ? [exactUnit(join)] : []
  return [...named, ...units, ...joined]
}

function unitsOfPiece(piece: string, isAlone: boolean, formsOf: FormsOf): readonly Unit[] {
  return (isUnspaced(piece) ? runsOf(piece) : [piece]).flatMap((run): readonly Unit[] => {
    if (isUnspaced(run)) return unitsOfRun(run)
    const parts = partsOf(run)
    if (parts.length === 1) return [[isAlone ? wanted(run, formsOf) : wantedPart(run, formsOf)]]
    const telling = parts.filter((part) => part.length > 1 || /\d/.test(part))
    const whole = exactUnit(fold(run))
    // A Korean particle need not be there. AB1234 without the AB is another code.
    if (/\p{sc=Hangul}/u.test(run)) return [whole, ...telling.map((part) => [wantedPart(part, formsOf)])]
    return telling.length < 2 ? [whole] : [whole, telling.map((part) => wantedPart(part, formsOf))]
  })
}

function wanted(word: string, formsOf: FormsOf): Wanted {
  const { folded, accented, stems, pairs } = formsOf(word)
  const terms = new Map<string, number>()
  const add = (term: string, value: number) => terms.set(term, Math.max(terms.get(term) ?? 0, value))
  for (const pair of pairs) {
    add(pair, worth.pair)
    add(derivedMark + pair, worth.pair)
  }
  for (const stem of stems) {
    add(stem, worth.stem)
    add(derivedMark + stem, worth.stem)
  }
  if (accented !== null) add(derivedMark + accentMark + accented, worth.accent)
  add(derivedMark + folded, worth.derived)
  add(folded, 1)
  return { terms, word: folded }
}

/** A part of a code. A short one says little: nearly every code has a 1 or an A in it. */
function wantedPart(part: string, formsOf: FormsOf): Wanted {
  const { terms, word } = wanted(part, formsOf)
  if (part.length > 2) return { terms, word }
  return { terms: new Map([...terms].map(([term, value]) => [term, value * worth.shortPart])), word: null }
}

function unitsOfRun(run: string): readonly Unit[] {
  const { words, pairs } = readRun(run)
  const hasLong = words.some((word) => word.length > 1)
  const telling = [...new Set(words)].filter((word) => !hasLong || !/^[ぁ-ゖ]$/.test(word))
  const units = telling.map((word): Unit => {
    const terms = marked(word, 1, worth.derived)
    const inner = pairs.filter((pair) => pair !== word && word.includes(pair))
    for (const pair of inner) for (const [term, value] of marked(pair, worth.pair, worth.pair)) terms.set(term, value)
    return [{ terms, word: [...word].length === 1 ? word : null }]
  })
  const crossing = [...new Set(pairs)].filter((pair) => !words.some((word) => word.includes(pair)))
  return [
    ...units,
    ...crossing.map((pair): Unit => [{ terms: marked(pair, worth.crossing, worth.crossing), word: null }]),
  ]
}
