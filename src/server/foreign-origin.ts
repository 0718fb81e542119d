import type { IncomingMessage } from 'node:http'
import type { Authenticator } from '../access/authenticate.ts'
import { isLoopback } from '../kernel/loopback.ts'

/**
 * Whether a page of another machine's is behind a request. Browsers name the page in `Origin`, on WebSockets too, which
 * no CORS holds back; other clients send none. Without API keys whoever reaches the port may act, so a page that its
 * user merely visits must not, by whatever name it reaches us. A page without an origin (`null`) is as foreign as any.
 * With keys, pages that this server itself is the host of may as well: GraphiQL, or an app behind the same proxy.
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
