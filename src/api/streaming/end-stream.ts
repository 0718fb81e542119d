import type { ServerResponse } from 'node:http'

/** Ends a body that is being streamed, as it stands. */
export function endStream(response: ServerResponse): void {
  if (response.writableEnded) return
  // Whoever fills the stream learns of its end by writing once more.
  response.on('error', () => {})
  response.end()
}
