/** A text in a form in which others can be looked for, and where its parts stand in the original. */
export interface Reading {
  readonly text: string
  /** Where the unit at this index begins in the original; at the length of the text, where the original ends. */
  readonly startOf: (index: number) => number
}

/** As it stands, without regard to capitals, and with + and the space as one: forms write the one for the other. */
export function plainReading(text: string): Reading {
  return { text: fold(text), startOf: (index) => index }
}

const names: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const percent = /(?<utf8>%[c-f][0-9a-f](?:%[89ab][0-9a-f])+)|%(?<byte>[0-7][0-9a-f])/
const markup = /&#(?<decimal>\d{1,9});|&#x(?<hex>[0-9a-f]{1,7});|&(?<name>amp|lt|gt|quot|apos);/
const backslash = /\\u(?<unit>[0-9a-f]{4})|\\(?<sign>[^u])/

/** Each alone, for what escapes in the one way may hold a sign of the other; and all at once, for what mixes them. */
const escapes: readonly RegExp[] = [[percent], [markup], [backslash], [percent, markup, backslash]].map(
  (ways) => new RegExp(ways.map(({ source }) => source).join('|'), 'gi'),
)

/** With what percent-encoding, HTML and JSON escape put back, in each way in which that can be done. */
export function decodedReadings(text: string): readonly Reading[] {
  return /[%&\\]/.test(text) ? escapes.map((pattern) => decodedReading(text, pattern)) : []
}

function decodedReading(text: string, pattern: RegExp): Reading {
  let decoded = ''
  let end = 0
  // One entry an escape: from this index on, the original is further on by so much.
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

/** Keeps the length, which `toLowerCase` does not for every letter. */
function fold(text: string): string {
  return text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase()).replaceAll('+', ' ')
}
