/** A part of a text, in UTF-16 code units; `end` is exclusive. */
export interface Passage {
  readonly start: number
  readonly end: number
}

/** UTF-16 code units. A text that is no longer than `most` stays whole; of longer ones, passages are `aim` at most. */
const passageLength = { least: 300, aim: 800, most: 1000 } as const

/** Where a text may be parted, the best first; each ends where the next passage begins. */
const borders = [
  /\n[^\S\n]*\n\s*/g,
  // Behind the end of a sentence; Chinese and Japanese put no space there.
  /[.!?…]["'”’)\]]*\s+|[。！？]\s*/g,
  /\n\s*/g,
  /\s+/g,
] as const

/** Parts a text into passages that follow one another, on paragraphs where it can, on sentences or words elsewhere. */
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
  // Not between the halves of a surrogate pair.
  return /[\uD800-\uDBFF]$/.test(window) ? window.length - 1 : window.length
}
