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

/** The ways of escaping, by the sign that every escape begins with. */
const ways = { '%': percent, '&': markup, '\\': backslash } as const
type Sign = keyof typeof ways
const signs = Object.keys(ways) as readonly Sign[]

/**
 * Undoes percent-encoding, HTML escapes and JSON escapes: each by itself, because text escaped one way may contain signs of
 * another; and all together, for text that mixes them. Those of which the text has none are left out.
 */
export function decodedReadings(text: string): readonly Reading[] {
  const found = signs.filter((sign) => text.includes(sign))
  const combinations = found.length > 1 ? [...found.map((sign) => [sign]), found] : [found]
  return found.length === 0 ? [] : combinations.map((each) => decodedReading(text, patternOf(each)))
}

function patternOf(found: readonly Sign[]): RegExp {
  return new RegExp(found.map((sign) => ways[sign].source).join('|'), 'gi')
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

const beyondAscii = /[\u0080-\uffff]/

/**
 * Folds case without changing the length, which `toLowerCase` does for some letters outside ASCII. The pattern calls a
 * function for each capital, which is slow on a large page.
 */
function fold(text: string): string {
  const folded = beyondAscii.test(text)
    ? text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase())
    : text.toLowerCase()
  return folded.replaceAll('+', ' ')
}
