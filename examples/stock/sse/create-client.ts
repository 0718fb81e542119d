import { type Client, createClient } from 'graphql-sse'
import { backOff } from '../back-off.ts'

/**
 * Uses one connection per subscription, which is what the service supports, not graphql-sse's single connection mode.
 * Reconnects by itself, without limit; by default, graphql-sse gives up after five failures in a row.
 */
export function createRetryingClient(url: string): Client {
  return createClient({ url, singleConnection: false, retryAttempts: Infinity, retry: backOff })
}

/** Reports a dropped connection instead of retrying, for `watchExactly`. */
export function createSingleTryClient(url: string): Client {
  return createClient({ url, singleConnection: false, retryAttempts: 0 })
}
