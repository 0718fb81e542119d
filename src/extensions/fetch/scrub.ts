import { decodedReadings, plainReading, type Reading } from './reading.ts'
import { type SecretValue, secretTexts } from './secret-headers.ts'

/**
 * Takes secrets out of what a server has answered, for it may quote the request; `[secret]` stands in their place. It meets
 * them as they are, percent-encoded, and escaped as in JSON and HTML. A server that means to hide them from us can: it has them.
 */
export interface Scrubber {
  text(text: string): string
  /** The beginning of a longer text: so much is left out at its end that no part of a secret is there. */
  cutText(text: string): string
  /** Any JSON: strings, keys, and numbers that are a secret. */
  data(data: unknown): unknown
}

const replacement = '[secret]'

/** Code units of what is looked for: of a long secret that was cut somewhere, all but less than one piece is found. */
const maxPiece = 64

/** Code units that one of a secret's takes at most in an answer: `%E2%82%AC`, `&#x0020AC;`. */
const maxEscape = 12

interface Range {
  readonly start: number
  readonly end: number
}

export function createScrubber(secrets: readonly SecretValue[]): Scrubber {
  const pieces = [...new Set(secrets.flatMap(secretTexts).flatMap(piecesOf))]

  function text(from: string): string {
    const found = [plainReading(from), ...decodedReadings(from)].flatMap((reading) => rangesIn(reading, pieces))
    return found.length === 0 ? from : without(from, found)
  }

  function data(value: unknown): unknown {
    if (typeof value === 'string') return text(value)
    if (typeof value === 'number') return text(String(value)) === String(value) ? value : replacement
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map(data)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [text(key), data(inner)]))
  }

  return {
    text,
    data,
    cutText: (from) => (secrets.length === 0 ? from : text(from).slice(0, -maxEscape * maxPiece)),
  }
}

/** All of the same length, the last one reaching back for it: a short one would be found everywhere. */
function piecesOf(text: string): readonly string[] {
  const { text: folded } = plainReading(text)
  const count = Math.ceil(folded.length / maxPiece)
  const length = Math.ceil(folded.length / count)
  return Array.from({ length: count }, (_, index) => Math.min(index * length, folded.length - length)).map((start) =>
    folded.slice(start, start + length),
  )
}

function rangesIn({ text, startOf }: Reading, pieces: readonly string[]): readonly Range[] {
  const ranges: Range[] = []
  for (const piece of pieces) {
    for (let at = text.indexOf(piece); at !== -1; at = text.indexOf(piece, at + piece.length)) {
      ranges.push({ start: startOf(at), end: startOf(at + piece.length) })
    }
  }
  return ranges
}

/** Ranges that touch are one secret; the padding of base64 behind it is part of it. */
function without(text: string, found: readonly Range[]): string {
  const padding = /(?:=|%3d)*/iy
  let clean = ''
  let end = 0
  for (const range of found.toSorted((a, b) => a.start - b.start)) {
    if (range.start > end || clean === '') clean += text.slice(end, range.start) + replacement
    if (range.end <= end) continue
    padding.lastIndex = range.end
    end = range.end + (padding.exec(text)?.[0].length ?? 0)
  }
  return clean + text.slice(end)
}
