import type { IncomingMessage } from 'node:http'

export type Body = Buffer<ArrayBuffer> | 'too-large' | 'broken-off'

/** How much of a body over the limit is still read, as a multiple of the limit. After that the connection ends. */
const patience = 10

/**
 * Reads the whole body of a request. A body larger than `maxBytes` is read to its end too, but dropped: many clients
 * start to read only after sending everything, and closing the connection earlier would lose the answer. `broken-off`:
 * the client left before the end.
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
