import type { Piece } from './chunks.ts'

const apostrophe = /^['’‘]$/
/** Written before an apostrophe, these are articles and prepositions of French, Italian and Catalan. */
const before = /^(?:\p{L}{1,2}|d?all|dell|nell|sull|coll|quell|quest|jusqu|lorsqu|puisqu|quoiqu|presqu)$/iu
/** Written after one, these are endings of English. */
const after = /^(?:s|t|d|m|re|ll|ve)$/iu

/** The pieces that are words of their own: of l'eau, Smith's and don't it is eau, Smith and don. */
export function withoutClitics(pieces: readonly Piece[]): readonly Piece[] {
  const kept = pieces.filter(({ text }, index) => {
    const next = pieces[index + 1]
    const isBefore = next !== undefined && apostrophe.test(next.sign) && before.test(text)
    const isAfter = index > 0 && apostrophe.test(pieces[index]?.sign ?? '') && after.test(text)
    return !isBefore && !isAfter
  })
  return kept.length === 0 ? pieces : kept
}
