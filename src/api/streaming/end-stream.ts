import type { ServerResponse } from 'node:http'

const breaking = new WeakSet<ServerResponse>()

/** From now on `endStream` breaks the connection: the client of this stream takes a clean end for the end of what it follows. */
export function breakAtEnd(response: ServerResponse): void {
  breaking.add(response)
}

/** Ends a streamed body before what it tells of has ended: cleanly, unless its client would misread that. */
export function endStream(response: ServerResponse): void {
  if (response.writableEnded) return
  // The writer of the stream notices the end at its next write, which then fails.
  response.on('error', () => {})
  if (breaking.has(response)) response.destroy()
  else response.end()
}
