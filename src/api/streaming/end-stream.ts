import type { ServerResponse } from 'node:http'

/** Ends a streamed body cleanly. */
export function endStream(response: ServerResponse): void {
  if (response.writableEnded) return
  // The writer of the stream notices the end at its next write, which then fails.
  response.on('error', () => {})
  response.end()
}
