import { pipeline, type Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { FetchFailed } from './fault.ts'

export interface BodyLimit {
  /** In bytes after decompression. */
  readonly maxBytes: number
  /** `fail` throws FetchFailed; `cut` returns the first `maxBytes`. */
  readonly whenLarger: 'fail' | 'cut'
}

export interface Body {
  readonly bytes: Uint8Array
  /** True: the body was longer. */
  readonly isCut: boolean
}

/** At most one encoding: each additional one multiplies the work that a few bytes can cause. */
const decoders: Readonly<Record<string, () => NodeJS.ReadWriteStream & Readable>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/** Reads a body up to its end or the limit, and always releases the stream. */
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
  // An error of either stream surfaces on the stream that is read.
  return pipeline(stream, decoder(), () => {})
}
