import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FailureCode } from '../../kernel/errors.ts'

/** Gives each request an id, a log line and, if spans are exported, a span. */
export interface RequestObserver {
  /** Observes an HTTP request until its response ends. The response carries the id in `x-request-id`. */
  http(request: IncomingMessage, response: ServerResponse, work: () => Promise<void>): Promise<void>
  /** Observes an operation on a WebSocket. The upgrade request gave it the id. */
  operation<Result>(upgrade: IncomingMessage, work: () => Result): Result
  /** Counts an operation by its name, of which there are few, and by the code of its error. Null: it has none. */
  answered(operation: string, code: FailureCode | null): void
}
