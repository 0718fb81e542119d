import type { IncomingMessage } from 'node:http'
import { codingNames, type DecoderFor, decoderOf } from '../kernel/codings.ts'
import { hasTooManyValues, tooManyValues } from './json-values.ts'

/** Why a body is not read. Each API tells it in its own form. */
export interface BodyRefusal {
  readonly status: 400 | 413 | 415
  readonly code: 'BAD_USER_INPUT' | 'PAYLOAD_TOO_LARGE'
  readonly message: string
}

export type Body = Buffer<ArrayBuffer> | BodyRefusal

/** How much of a body over the limit is still read, as a multiple of the limit. After that the connection ends. */
const patience = 10

/**
 * Reads and unpacks the whole body of a request, for every API. `maxBytes` bounds it as it arrives and once more as it unpacks,
 * which stops there: a few bytes can unpack to gigabytes. So call it for an authenticated request.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Body> {
  const encoding = request.headers['content-encoding'] ?? ''
  const decoderFor = decoderOf(encoding)
  if (decoderFor === 'unknown') {
    const given = JSON.stringify(encoding.slice(0, 40).toLowerCase())
    return refused(415, `The body is encoded as ${given}; ${codingNames} are read.`)
  }
  const arrived = await arrivedBody(request, maxBytes)
  if (!Buffer.isBuffer(arrived)) return arrived
  // An empty body is empty in every coding.
  return decoderFor === null || arrived.length === 0 ? arrived : unpacked(arrived, decoderFor, maxBytes)
}

/** The same body, if its JSON can be read in one go. It takes some ms to find out for a large one, so call it in the account's turn. */
export function readable(body: Body): Body {
  if (!Buffer.isBuffer(body) || !hasTooManyValues(body.toString('latin1'))) return body
  return { status: 413, code: 'PAYLOAD_TOO_LARGE', message: tooManyValues }
}

/**
 * A body larger than `maxBytes` is read to its end too, but dropped: many clients start to read only after sending everything, and
 * closing the connection earlier would lose the answer.
 */
function arrivedBody(request: IncomingMessage, maxBytes: number): Promise<Body> {
  // The client left while something else was waited for; there is no further event.
  if (request.closed && !request.readableEnded) return Promise.resolve(endedEarly)
  return new Promise((resolve) => {
    let chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength
      if (bytes <= maxBytes) chunks.push(chunk)
      else chunks = []
      if (bytes > maxBytes * patience) request.destroy()
    })
    const brokenOff = () => resolve(endedEarly)
    request.once('end', () => resolve(bytes <= maxBytes ? Buffer.concat(chunks) : tooLarge(maxBytes)))
    request.once('error', brokenOff)
    request.once('close', brokenOff)
  })
}

async function unpacked(packed: Buffer, decoderFor: DecoderFor, maxBytes: number): Promise<Body> {
  const decoder = decoderFor(packed)
  decoder.end(packed)
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of decoder as AsyncIterable<Buffer>) {
      bytes += chunk.byteLength
      // Leaving the loop ends the decoder.
      if (bytes > maxBytes) return tooLarge(maxBytes)
      chunks.push(chunk)
    }
  } catch {
    return refused(400, 'The body is not what its Content-Encoding says.')
  }
  return Buffer.concat(chunks)
}

const endedEarly = refused(400, 'The body ended early.')

function tooLarge(maxBytes: number): BodyRefusal {
  const message = `The request's body is larger than ${maxBytes} bytes.`
  return { status: 413, code: 'PAYLOAD_TOO_LARGE', message }
}

function refused(status: 400 | 415, message: string): BodyRefusal {
  return { status, code: 'BAD_USER_INPUT', message }
}
