import { pipeline, type Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { FetchFailed } from './fault.ts'

export interface BodyLimit {
  /** Counted after decompression. */
  readonly maxBytes: number
  /** `fail` throws FetchFailed; `cut` gives the first `maxBytes`. */
  readonly whenLarger: 'fail' | 'cut'
}

export interface Body {
  readonly bytes: Uint8Array
  /** There was more. */
  readonly isCut: boolean
}

/** One encoding at most: each further one multiplies what a few bytes can make us work through. */
const decoders: Readonly<Record<string, () => NodeJS.ReadWriteStream & Readable>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/** Reads a body to its end or to the limit, and lets go of the stream in either case. */
export async function readBody(stream: Readable, encoding: string, { maxBytes, whenLarger }: BodyLimit): Promise<Body> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of decode(stream, encoding) as AsyncIterable<Uint8Array>) {
    chunks.push(chunk)
    size += chunk.byteLength
    if (size <= maxBytes) continue
    if (whenLarger === 'fail') throw new FetchFailed(`The response has more than ${maxBytes} bytes.`)
    return { bytes: Buffer.concat(chunks).subarray(0, maxBytes), isCut: true }
  }
  return { bytes: Buffer.concat(chunks), isCut: false }
}

function decode(stream: Readable, encoding: string): Readable {
  if (encoding === '' || encoding === 'identity') return stream
  const decoder = Object.hasOwn(decoders, encoding) ? decoders[encoding] : undefined
  if (decoder === undefined) {
    throw new FetchFailed(
      `The response is encoded as ${JSON.stringify(encoding.slice(0, 40))}; gzip, deflate and br are understood.`,
    )
  }
  // A fault of either stream comes out of the one that is read.
  return pipeline(stream, decoder(), () => {})
}
