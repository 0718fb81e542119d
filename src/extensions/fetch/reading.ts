/** A normalised text for searching, with a map back to the original. */
export interface Reading {
  readonly text: string
  /**
   * The start in the original of the code unit at this index. At the length of the text: the length of the original.
   */
  readonly startOf: (index: number) => number
}

/** Normalises case, and treats + and space as equal, because forms write one for the other. */
export function plainReading(text: string): Reading {
  return { text: fold(text), startOf: (index) => index }
}

const names: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const percent = /(?<utf8>%[c-f][0-9a-f](?:%[89ab][0-9a-f])+)|%(?<byte>[0-7][0-9a-f])/
const markup = /&#(?<decimal>\d{1,9});|&#x(?<hex>[0-9a-f]{1,7});|&(?<name>amp|lt|gt|quot|apos);/
const backslash = /\\u(?<unit>[0-9a-f]{4})|\\(?<sign>[^u])/

/**
 * Each escape by itself, because text escaped one way may contain signs of another; and all together, for text that
 * mixes them.
 */
const escapes: readonly RegExp[] = [[percent], [markup], [backslash], [percent, markup, backslash]].map(
  (ways) => new RegExp(ways.map(({ source }) => source).join('|'), 'gi'),
)

/** Undoes percent-encoding, HTML escapes and JSON escapes, once for each combination in `escapes`. */
export function decodedReadings(text: string): readonly Reading[] {
  return /[%&\\]/.test(text) ? escapes.map((pattern) => decodedReading(text, pattern)) : []
}

function decodedReading(text: string, pattern: RegExp): Reading {
  let decoded = ''
  let end = 0
  // One entry per escape: from this index on, positions in the original are larger by the matching shift.
  const indexes: number[] = []
  const shifts: number[] = []
  for (const match of text.matchAll(pattern)) {
    decoded += text.slice(end, match.index)
    const unit = decode(match.groups ?? {})
    end = match.index + match[0].length
    decoded += unit
    indexes.push(decoded.length)
    shifts.push(end - decoded.length)
  }
  decoded += text.slice(end)

  function startOf(index: number): number {
    let low = 0
    let high = indexes.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((indexes[middle] ?? 0) <= index) low = middle + 1
      else high = middle
    }
    return index + (shifts[low - 1] ?? 0)
  }

  return { text: fold(decoded), startOf }
}

function decode(groups: Readonly<Record<string, string | undefined>>): string {
  const { utf8, byte, decimal, hex, name, unit, sign } = groups
  if (utf8 !== undefined) return Buffer.from(utf8.replaceAll('%', ''), 'hex').toString()
  if (name !== undefined) return names[name.toLowerCase()] ?? ''
  if (sign !== undefined) return sign
  const code = decimal === undefined ? Number.parseInt(byte ?? hex ?? unit ?? '', 16) : Number(decimal)
  return code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code)
}

/** Folds case without changing the length, which `toLowerCase` does for some letters. */
function fold(text: string): string {
  return text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase()).replaceAll('+', ' ')
}
