import type { IncomingMessage, ServerResponse } from 'node:http'

/** Asks a client that waits for `100 Continue` for its body when something begins to read it: not if the request is refused before. */
export function continueWhenRead(request: IncomingMessage, response: ServerResponse): void {
  const onListener = (event: string | symbol) => {
    if (event !== 'data' && event !== 'readable') return
    request.off('newListener', onListener)
    if (!response.headersSent) response.writeContinue()
  }
  request.on('newListener', onListener)
}
