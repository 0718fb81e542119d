import type { ApiDeps } from '../../api.ts'

/** On average, of a large message. Bytes. */
const smallestPiece = 256
const smallestFragment = 8192

/** What every WebSocket server of ours bounds. */
export function socketOptions({ maxRequestBytes, timings }: Pick<ApiDeps, 'maxRequestBytes' | 'timings'>) {
  return {
    noServer: true,
    maxPayload: maxRequestBytes,
    // A message is kept in the pieces in which it arrives, each of which costs some hundred bytes more than it holds.
    maxBufferedChunks: Math.ceil(maxRequestBytes / smallestPiece) + 64,
    // A fragment may keep a whole piece of 64 KB, if pings make up the rest of it.
    maxFragments: Math.ceil(maxRequestBytes / smallestFragment) + 64,
    closeTimeout: timings.closeTimeoutMs,
  }
}
