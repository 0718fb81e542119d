/** A part of a text. Bounds are in UTF-16 code units; `end` is exclusive. */
export interface Passage {
  readonly start: number
  readonly end: number
}

/**
 * In UTF-16 code units. A text of at most `most` stays whole; longer texts are split into passages of at most `aim`.
 */
const passageLength = { least: 300, aim: 800, most: 1000 } as const

/** Where a text may be split, best place first. Each match ends where the next passage begins. */
const borders = [
  /\n[^\S\n]*\n\s*/g,
  // After the end of a sentence. Chinese and Japanese put no space there.
  /[.!?…]["'”’)\]]*\s+|[。！？]\s*/g,
  /\n\s*/g,
  /\s+/g,
] as const

/** Splits a text into consecutive passages, at paragraphs if possible, otherwise at sentences or words. */
export function* passagesOf(text: string): Generator<Passage> {
  let start = 0
  while (text.length - start > passageLength.most) {
    const end = start + borderIn(text.slice(start, start + passageLength.aim))
    yield { start, end }
    start = end
  }
  if (start < text.length) yield { start, end: text.length }
}

function borderIn(window: string): number {
  for (const border of borders) {
    const ends = [...window.matchAll(border)].map((match) => match.index + match[0].length)
    const last = ends.findLast((end) => end >= passageLength.least)
    if (last !== undefined) return last
  }
  // Never splits a surrogate pair.
  return /[\uD800-\uDBFF]$/.test(window) ? window.length - 1 : window.length
}
