import type { IncomingMessage } from 'node:http'

export type Body = Buffer<ArrayBuffer> | 'too-large' | 'broken-off'

/** What is still read of a body that is too large, as a multiple of the limit; then the connection ends. */
const patience = 10

/**
 * The request's whole body. One with more than `maxBytes` is read to its end too, but dropped: many clients listen only
 * once they have sent everything, and a connection that ends before takes the answer with it. `broken-off` when the
 * client left before the end.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Body> {
  return new Promise((resolve) => {
    let chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength
      if (bytes <= maxBytes) chunks.push(chunk)
      else chunks = []
      if (bytes > maxBytes * patience) request.destroy()
    })
    request.once('end', () => resolve(bytes <= maxBytes ? Buffer.concat(chunks) : 'too-large'))
    request.once('error', () => resolve('broken-off'))
    request.once('close', () => resolve('broken-off'))
  })
}
