/** Letters, digits and the marks on them. */
const word = String.raw`[\p{L}\p{N}][\p{L}\p{N}\p{M}]*`

/** Signs inside a word, a name or a code: AB-1234, 2.10.1, user@example.com, O'Reilly, set_timeout, std::map. */
const signs = [
  String.raw`[-\u2010-\u2015_./\\'’‘\u05f3:@&+·\u200c]{1,2}`,
  // The comma of thousands, and the mark of a Hebrew abbreviation.
  String.raw`,(?=\p{Nd})(?<=\p{Nd},)`,
  String.raw`["”\u05f4](?=\p{sc=Hebrew})(?<=\p{sc=Hebrew}.)`,
].join('|')

/** A chunk of text: words with signs between them. The signs of C++, C# and .NET belong to it. */
const chunk = new RegExp(
  String.raw`(?:\.(?=\p{L})(?<![\p{L}\p{N}\p{M}.]\.))?${word}(?:(?:${signs})${word})*(?:(?:\+{1,2}|#)(?![\p{L}\p{N}]))?`,
  'gu',
)

/** The chunks of a normalised text. */
export function chunksOf(text: string): readonly string[] {
  return text.match(chunk) ?? []
}

/** A longer piece is cut: nobody types it, and what is indexed of a text stays bounded. */
export const longest = 64

/** The pieces of a chunk between its signs, and the sign that stands before each. */
export interface Piece {
  readonly text: string
  readonly sign: string
}

const between = /[^\p{L}\p{N}\p{M}]+/gu

export function piecesOf(chunk: string): readonly Piece[] {
  const pieces: Piece[] = []
  let start = 0
  let sign = ''
  for (const match of chunk.matchAll(between)) {
    if (match.index > start) pieces.push({ sign, text: chunk.slice(start, match.index).slice(0, longest) })
    sign = match[0]
    start = match.index + sign.length
  }
  if (start < chunk.length) pieces.push({ sign, text: chunk.slice(start).slice(0, longest) })
  return pieces
}

/** Borders inside a piece: a change of case, between letters and digits, and between scripts. */
const borders =
  /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|(?<=[\p{L}\p{M}])(?=\p{N})|(?<=\p{N})(?=\p{L})|(?<=\p{sc=Latin})(?=[\p{sc=Hangul}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}])|(?<=[\p{sc=Hangul}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}])(?=\p{sc=Latin})/u

/** The parts of a piece between its borders. A piece of more than four parts is no name: it stays whole. */
export function partsOf(piece: string): readonly string[] {
  if (plain.test(piece)) return [piece]
  const parts = piece.split(borders)
  return parts.length > 4 ? [piece] : parts
}

const plain = /^(?:\p{Lu}?[\p{Ll}\p{M}]+|\p{Nd}+)$/u

/** A part of a code, folded, and the sign that stands before it. */
export type Part = Piece

/**
 * What a code is also written as: neighbouring parts joined without the signs between them. At most ten, and
 * a number of them that grows with the parts. The dots of a version stay: 2.10.1 is not 21.0.1.
 */
export function joinsOf(parts: readonly Part[]): readonly string[] {
  const joins: string[] = []
  const widest = parts.length <= 4 ? parts.length : 2
  for (let start = 0; start < parts.length - 1; start += 1) {
    const end = Math.min(start + widest, parts.length)
    let joined = parts[start]?.text ?? ''
    for (let index = start + 1; index < end; index += 1) {
      joined += joinedBy(parts, index) + (parts[index]?.text ?? '')
      joins.push(joined)
    }
  }
  if (widest < parts.length && parts.length <= 12) {
    joins.push(parts.map(({ text }, index) => (index === 0 ? '' : joinedBy(parts, index)) + text).join(''))
  }
  return joins
}

function joinedBy(parts: readonly Part[], index: number): '.' | '' {
  return parts[index]?.sign === '.' && isVersion(parts, index) ? '.' : ''
}

/** Whether the dot before a part is that of a version, and not of thousands or a telephone number. */
function isVersion(parts: readonly Part[], index: number): boolean {
  const [before, after] = [parts[index - 1]?.text ?? '', parts[index]?.text ?? '']
  return /\d$/.test(before) && /^\d{1,2}(?!\d)/.test(after)
}
