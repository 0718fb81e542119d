import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'

/**
 * How much a client may send until its credential is known, unless an API allows more, frame heads, pings and fragments included, and in how
 * many pieces: each piece that arrives is kept until its message is whole. As much as the head of an HTTP request.
 */
const unacknowledged = { bytes: 16_384, pieces: 256 } as const

/**
 * Ends the connection of a client that sends more before it is acknowledged: with 1009, without waiting for its answer to
 * the close, and without keeping anything more of it. Call the returned function when it is acknowledged.
 */
export function limitUntilAcknowledged(
  websocket: WebSocket,
  tcp: Socket,
  most: number = unacknowledged.bytes,
): () => void {
  let bytes = 0
  let pieces = 0
  const count = (piece: Buffer) => {
    bytes += piece.byteLength
    pieces += 1
    if (bytes <= most && pieces <= unacknowledged.pieces) return
    websocket.close(1009, 'Too much before a credential')
    // Nothing more is read, because reading to drop it takes time too. The connection ends with the time for closing.
    tcp.removeAllListeners('data')
    tcp.pause()
    tcp.end()
  }
  // Before the listener of `ws`, so that it is asked to close before it takes the piece.
  tcp.prependListener('data', count)
  return () => tcp.off('data', count)
}
