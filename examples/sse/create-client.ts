import { type Client, createClient } from 'graphql-sse'
import { backOff } from '../back-off.ts'

/**
 * A connection for each subscription, which is what the service speaks, not graphql-sse's single connection mode. Comes
 * back by itself for as long as it takes; without these options it gives up after five failures in a row.
 */
export function createRetryingClient(url: string): Client {
  return createClient({ url, singleConnection: false, retryAttempts: Infinity, retry: backOff })
}

/** Reports a drop instead of retrying, for `watchExactly`. */
export function createSingleTryClient(url: string): Client {
  return createClient({ url, singleConnection: false, retryAttempts: 0 })
}
