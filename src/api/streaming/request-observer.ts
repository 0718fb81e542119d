import type { IncomingMessage, ServerResponse } from 'node:http'

/** Gives each request an id, a line in the log and, where spans are kept, a span. */
export interface RequestObserver {
  /** An HTTP request, from here to the end of its answer, which says the id in `x-request-id`. */
  http(request: IncomingMessage, response: ServerResponse, work: () => Promise<void>): Promise<void>
  /** An operation on a WebSocket, whose upgrade request gave it the id. */
  operation<Result>(upgrade: IncomingMessage, work: () => Result): Result
}
