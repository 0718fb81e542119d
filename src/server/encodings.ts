import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

export type Encoding = 'br' | 'gzip' | 'identity'

// Compresses off the main thread. The 9 MB of GraphiQL take 0.7 s of CPU once and become 2.1 MB; the best quality would
// take 14 s for 1.9 MB.
const encoders: Record<Encoding, (content: Buffer) => Promise<Buffer>> = {
  br: (content) => promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (content) => promisify(gzip)(content),
  identity: async (content) => content,
}

/** The content in each encoding. Each is made at its first request and kept. */
export function createEncodings(content: Buffer): (encoding: Encoding) => Promise<Buffer> {
  const made = new Map<Encoding, Promise<Buffer>>()
  return (encoding) => {
    const known = made.get(encoding) ?? encoders[encoding](content)
    made.set(encoding, known)
    return known
  }
}

/** Prefers Brotli to gzip, whatever their weights, but uses neither at weight 0. */
export function preferredEncoding(acceptEncoding: string): Encoding {
  const accepted = acceptEncoding
    .toLowerCase()
    .split(',')
    .filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part))
    .map((part) => part.split(';')[0]?.trim())
  return (['br', 'gzip'] as const).find((encoding) => accepted.includes(encoding)) ?? 'identity'
}
