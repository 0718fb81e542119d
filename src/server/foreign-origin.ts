import type { IncomingMessage } from 'node:http'
import { isLoopback } from '../loopback.ts'

/**
 * Whether a page of another machine's is behind a request. Browsers name the page in `Origin`, on WebSockets too, which
 * no CORS holds back; other clients send none. Without API keys whoever reaches the port may act, so a page that its
 * user merely visits must not. A page without an origin (`null`) is as foreign as any.
 */
export function hasForeignOrigin({ headers: { origin } }: IncomingMessage): boolean {
  if (origin === undefined) return false
  if (!URL.canParse(origin)) return true
  return !isLoopback(new URL(origin).hostname.replace(/^\[|\]$/g, ''))
}
