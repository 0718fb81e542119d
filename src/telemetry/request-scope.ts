import { AsyncLocalStorage } from 'node:async_hooks'

/** What every line that is logged for a request says of it. */
export interface RequestScope {
  readonly requestId: string
  account?: string
}

// The logger's, not an app's: whatever is logged in a request's flow is that request's.
const scopes = new AsyncLocalStorage<RequestScope | null>()

export function inRequest<Result>(scope: RequestScope, work: () => Result): Result {
  return scopes.run(scope, work)
}

/** Work that outlives the request which began it, such as a run of the embedded engine. */
export function outsideRequests<Result>(work: () => Result): Result {
  return scopes.run(null, work)
}

export function presentRequest(): RequestScope | null {
  return scopes.getStore() ?? null
}

/** The caller's own id, where it is one that a log can hold; null otherwise. */
export function readRequestId(header: string | readonly string[] | undefined): string | null {
  return typeof header === 'string' && /^[A-Za-z0-9._:-]{8,128}$/.test(header) ? header : null
}
