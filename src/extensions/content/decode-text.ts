import { labelToName, legacyHookDecode } from '@exodus/bytes/encoding.js'
import { analyse } from 'chardet'
import htmlEncodingSniffer from 'html-encoding-sniffer'

export interface EncodedText {
  readonly body: Uint8Array
  /** Without parameters. */
  readonly essence: string
  /** The label of the charset that the server names. Null: none. */
  readonly charset: string | null
  /** True: the body goes on, so its last character may be a part of one. */
  readonly isCut: boolean
}

/** Pages name their charset in the first 1024 bytes by the standard; browsers look further, and pages rely on it. */
const maxPrescanBytes = 16_384

/** What the guess looks at, from shortly before the first byte that is not ASCII. */
const sampleBytes = 65_536

/** A match below this is chance: the guess is then the default of browsers. */
const leastConfidence = 50

/**
 * Decodes text in the order of the encoding standard (https://encoding.spec.whatwg.org/#decode): a byte order mark, the
 * header, what the content says of itself, a guess. Unknown labels are passed over. Bytes that are invalid become U+FFFD.
 */
export function decodeText(text: EncodedText): string {
  const decoded = legacyHookDecode(text.body, encodingOf(text))
  return text.isCut ? decoded.replace(/\ufffd$/, '') : decoded
}

function encodingOf({ body, essence, charset, isCut }: EncodedText): string {
  const transportLayerEncodingLabel = charset ?? undefined
  const isXml = /[/+]xml$/.test(essence) && essence !== 'application/xhtml+xml'
  const isHtml = essence === 'text/html' || essence === 'application/xhtml+xml'
  const options = { transportLayerEncodingLabel, defaultEncoding: '' }
  const named = isXml
    ? htmlEncodingSniffer(body, { ...options, xml: true })
    : htmlEncodingSniffer(body, { ...options, maxPrescanBytes: isHtml ? maxPrescanBytes : 0 })
  return named || (essence === 'text/css' ? styleEncoding(body) : null) || guess(body, isCut)
}

/** The rule `@charset` of a style sheet, which must come first. */
function styleEncoding(body: Uint8Array): string | null {
  const [, label = ''] = /^@charset "([^"]*)";/.exec(Buffer.from(body.subarray(0, 1024)).toString('latin1')) ?? []
  const name = labelToName(label)
  return name?.startsWith('UTF-16') ? 'UTF-8' : name
}

function guess(body: Uint8Array, isCut: boolean): string {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(body, { stream: isCut })
    return 'UTF-8'
  } catch {
    const first = body.findIndex((byte) => byte > 0x7f)
    const start = Math.max(0, first - 1024)
    const matches = analyse(body.subarray(start, start + sampleBytes))
    const best = matches.find(({ name }) => name !== 'UTF-8' && labelToName(name) !== null)
    return best === undefined || best.confidence < leastConfidence ? 'windows-1252' : (labelToName(best.name) ?? '')
  }
}
