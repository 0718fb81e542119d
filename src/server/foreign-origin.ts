import type { IncomingMessage } from 'node:http'
import type { Authenticator } from '../access/authenticate.ts'
import { isLoopback } from '../kernel/loopback.ts'

/**
 * Whether a page from another machine sent the request. Browsers name the page in `Origin`, also on WebSockets, which
 * CORS does not cover; other clients send none. Without API keys everyone who reaches the port may act, so a page that
 * the user merely visits must be refused, under whatever name it reaches us. A page without an origin (`null`) counts
 * as foreign. With keys, pages from this host are allowed too: GraphiQL, or an app behind the same proxy.
 */
export function hasForeignOrigin(
  { headers: { origin, host } }: IncomingMessage,
  { isOpen }: Pick<Authenticator, 'isOpen'>,
): boolean {
  if (origin === undefined) return false
  if (!URL.canParse(origin)) return true
  const page = new URL(origin)
  if (isLoopback(page.hostname.replace(/^\[|\]$/g, ''))) return false
  return isOpen || page.host === '' || page.host !== host?.toLowerCase()
}
