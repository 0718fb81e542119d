import { type Client, createClient } from 'graphql-ws'
import { backOff } from '../back-off.ts'

/**
 * Reconnects by itself, without limit. By default, graphql-ws stops retrying once a reconnect is refused, for example
 * while a server restarts; on Node's own WebSocket it stops at the first drop. Both are error events, which it treats
 * as fatal. It also gives up after five failures in a row, and its delay doubles without limit.
 */
export function createRetryingClient(url: string): Client {
  return createClient({ url, retryAttempts: Infinity, shouldRetry: () => true, retryWait: backOff })
}

/** Reports a dropped connection instead of retrying, for `watchExactly`. */
export function createSingleTryClient(url: string): Client {
  return createClient({ url, retryAttempts: 0 })
}
