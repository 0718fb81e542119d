import { type Client, createClient } from 'graphql-ws'
import { backOff } from '../back-off.ts'

/**
 * Comes back by itself, for as long as it takes. Without these options the client gives up the first time a reconnect is
 * refused, as while a server restarts, and on Node's own WebSocket at the first drop, for both are error events, which it
 * takes for fatal; and after five tries in a row. Its own wait doubles without end.
 */
export function createRetryingClient(url: string): Client {
  return createClient({ url, retryAttempts: Infinity, shouldRetry: () => true, retryWait: backOff })
}

/** Reports a drop instead of retrying, for `watchExactly`. */
export function createSingleTryClient(url: string): Client {
  return createClient({ url, retryAttempts: 0 })
}
