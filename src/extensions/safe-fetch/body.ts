import { pipeline, type Readable } from 'node:stream'
import { codingNames, decoderOf, peeked } from '../../kernel/codings.ts'
import { FetchFailed } from './fault.ts'

export interface BodyLimit {
  /** In bytes after decompression. */
  readonly maxBytes: number
  /** `fail` throws FetchFailed; `cut` returns the first `maxBytes`. */
  readonly whenLarger: 'fail' | 'cut'
  /** Awaited after each piece, and before the whole is used. `costMs`: about how long that keeps the event loop. */
  readonly turn: (costMs: number) => Promise<void> | undefined
}

export interface Body {
  readonly bytes: Uint8Array
  /** True: the body was longer. */
  readonly isCut: boolean
}

/** A body is copied, decoded or kept after it is read. */
const bytesPerMs = { read: 500_000, used: 150_000 } as const

/** Reads a body up to its end or the limit, and always releases the stream. */
export async function readBody(stream: Readable, encoding: string, limit: BodyLimit): Promise<Body> {
  const { maxBytes, whenLarger, turn } = limit
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of (await decode(stream, encoding)) as AsyncIterable<Uint8Array>) {
    chunks.push(chunk)
    size += chunk.byteLength
    if (size <= maxBytes) {
      await turn(chunk.byteLength / bytesPerMs.read)
      continue
    }
    if (whenLarger === 'fail') throw new FetchFailed(`The response has more than ${maxBytes} bytes.`)
    await turn(maxBytes / bytesPerMs.used)
    return { bytes: Buffer.concat(chunks).subarray(0, maxBytes), isCut: true }
  }
  await turn(size / bytesPerMs.used)
  return { bytes: Buffer.concat(chunks), isCut: false }
}

async function decode(stream: Readable, encoding: string): Promise<Readable> {
  const decoderFor = decoderOf(encoding)
  if (decoderFor === null) return stream
  if (decoderFor === 'unknown') {
    const given = JSON.stringify(encoding.slice(0, 40))
    throw new FetchFailed(`The response is encoded as ${given}; ${codingNames} are understood.`)
  }
  const { first, whole } = await peeked(stream)
  // An empty body is empty in every coding.
  if (first.length === 0) return whole
  // An error of either stream surfaces on the stream that is read.
  return pipeline(whole, decoderFor(first), () => {})
}
