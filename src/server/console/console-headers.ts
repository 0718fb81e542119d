/**
 * The page loads from this host alone, runs no inline script, takes no inline style, and stands in no frame. Not every
 * browser takes `'self'` for a WebSocket, so its address is named.
 *
 * @param host of the request; undefined: the page opens no socket
 */
export function consoleHeaders(host: string | undefined): Readonly<Record<string, string>> {
  const sockets = host === undefined ? '' : ` ws://${host} wss://${host}`
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${sockets}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ]
  return {
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  }
}
