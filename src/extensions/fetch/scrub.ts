import { mapJson } from '../../kernel/map-json.ts'
import { decodedReadings, plainReading, type Reading } from './reading.ts'
import { type SecretValue, secretTexts } from './secret-headers.ts'

/**
 * Removes secrets from the answer of a server, which may quote the request, and writes `[secret]` instead. Finds them
 * in plain form, percent-encoded, and escaped as in JSON and HTML. It cannot find a secret that a server hides on
 * purpose in another encoding.
 */
export interface Scrubber {
  text(text: string): string
  /** Scrubs the beginning of a longer text. Drops as much of its end as could be the beginning of a secret. */
  cutText(text: string): string
  /** Scrubs any JSON value: strings, keys, and numbers that equal a secret. */
  data(data: unknown): unknown
}

const replacement = '[secret]'

/**
 * The longest piece of a secret to search for, in code units. So a long secret that was cut is found except for a
 * remainder shorter than one piece.
 */
const maxPiece = 64

/** The most code units that one code unit of a secret takes in an answer: `%E2%82%AC`, `&#x0020AC;`. */
const maxEscape = 12

interface Range {
  readonly start: number
  readonly end: number
}

export function createScrubber(secrets: readonly SecretValue[]): Scrubber {
  const pieces = [...new Set(secrets.flatMap(secretTexts).flatMap(piecesOf))]

  function text(from: string): string {
    if (pieces.length === 0) return from
    const found = [plainReading(from), ...decodedReadings(from)].flatMap((reading) => rangesIn(reading, pieces))
    return found.length === 0 ? from : without(from, found)
  }

  function leaf(value: unknown): unknown {
    if (typeof value === 'string') return text(value)
    if (typeof value === 'number' || typeof value === 'bigint')
      return text(String(value)) === String(value) ? value : replacement
    return value
  }

  return {
    text,
    data: (value) => (pieces.length === 0 ? value : mapJson(value, { leaf, name: text })),
    cutText: (from) => (secrets.length === 0 ? from : text(from).slice(0, -maxEscape * maxPiece)),
  }
}

/** Pieces of equal length. The last one overlaps its predecessor, because a short piece would match everywhere. */
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

/** Removes the ranges. Adjacent ranges count as one secret, including base64 padding after it. */
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
