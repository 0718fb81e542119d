import { AsyncLocalStorage } from 'node:async_hooks'

/** The fields of every log line of a request. */
export interface RequestScope {
  readonly requestId: string
  account?: string
}

// One for the process, like the logger: every line logged in the flow of a request names that request.
const scopes = new AsyncLocalStorage<RequestScope | null>()

export function inRequest<Result>(scope: RequestScope, work: () => Result): Result {
  return scopes.run(scope, work)
}

/** Runs work that outlives the request that started it, such as a run of the embedded engine. */
export function outsideRequests<Result>(work: () => Result): Result {
  return scopes.run(null, work)
}

export function presentRequest(): RequestScope | null {
  return scopes.getStore() ?? null
}

/** The caller's request id if it is safe to log; null otherwise. */
export function readRequestId(header: string | readonly string[] | undefined): string | null {
  return typeof header === 'string' && /^[A-Za-z0-9._:-]{8,128}$/.test(header) ? header : null
}
