import { Readable } from 'node:stream'
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib'

/** Makes a decoder for a body that begins with these bytes. */
export type DecoderFor = (first: Uint8Array) => NodeJS.ReadWriteStream & Readable

const decoders: Readonly<Record<string, DecoderFor>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  // By the standard it is zlib's format; many leave its two bytes of header away, and browsers read both.
  deflate: (first) => (hasZlibHeader(first) ? createInflate() : createInflateRaw()),
  br: () => createBrotliDecompress(),
  // The window that RFC 9659 allows, 8 MB: without a bound a few bytes could claim 128 MB of memory.
  zstd: () => createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: 23 } }),
}

/** For messages. */
export const codingNames = 'gzip, deflate, br and zstd'

/** What is written into Content-Encoding although it changes nothing in the body. */
const idle = new Set(['', 'identity', 'none', 'utf-8', 'utf8', 'binary', '7bit', '8bit', 'aws-chunked'])

/**
 * The decoder that a Content-Encoding header asks for; null: none. `unknown` for an unknown coding, and for more than one: each
 * additional one multiplies the work that a few bytes can cause.
 */
export function decoderOf(encoding: string): DecoderFor | null | 'unknown' {
  const [coding, ...others] = encoding
    .toLowerCase()
    .split(',')
    .map((each) => each.trim())
    .filter((each) => !idle.has(each))
  if (coding === undefined) return null
  const decoder = others.length === 0 && Object.hasOwn(decoders, coding) ? decoders[coding] : undefined
  return decoder ?? 'unknown'
}

/** RFC 1950, 2.2: method 8, and a checksum over the first two bytes. */
function hasZlibHeader([method = 0, flags = 0]: Uint8Array): boolean {
  return (method & 0x0f) === 8 && ((method << 8) | flags) % 31 === 0
}

/** The first bytes of a stream, at least two unless it ends before, and a stream with all of them. */
export async function peeked(stream: Readable): Promise<{ readonly first: Uint8Array; readonly whole: Readable }> {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  let first: Uint8Array = new Uint8Array()
  while (first.length < 2) {
    const { done, value } = await chunks.next()
    if (done) break
    first = Buffer.concat([first, value])
  }
  async function* all(): AsyncGenerator<Uint8Array, void> {
    yield first
    for await (const chunk of { [Symbol.asyncIterator]: () => chunks }) yield chunk
  }
  return { first, whole: Readable.from(all(), { objectMode: false }) }
}
