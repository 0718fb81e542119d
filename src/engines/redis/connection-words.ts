import { ReplyError } from 'ioredis'

interface Address {
  readonly host: string | undefined
  readonly port: number | undefined
  readonly hasTls: boolean
}

const certificate =
  'its certificate is not trusted; name the file of its CA in NODE_EXTRA_CA_CERTS, and use the host name of the certificate'

/** After the handshake Redis ends the connection, mostly before the alert with the reason is read. */
const clientCertificate = 'if it asks its clients for certificates, set tls-auth-clients no'

/** What codes of the system, of TLS and of replies mean for whoever has written the URL. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [/^ECONNREFUSED$/, 'nothing listens there; check host and port, and that Redis is up'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'there is no such host; check its name'],
  [/^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/, 'nothing answers there; check host, port, and firewalls'],
  [/CERTIFICATE_REQUIRED/, `it is not told who connects; ${clientCertificate}`],
  [/^(ERR_SSL_.*|EPROTO)$/, 'there is no TLS on this port; use redis:// or the port for TLS'],
  [/CERT|UNABLE_TO_(VERIFY|GET)|SELF_SIGNED/, certificate],
]

const replies: readonly (readonly [RegExp, string])[] = [
  [/^WRONGPASS/, 'user or password is wrong'],
  [/^NOAUTH/, 'it wants a password; put it into the URL, as redis://user:password@host'],
  [/^NOPERM/, 'the user may not even connect; see docs/operations/redis.md for what it needs'],
  [/^ERR (AUTH|Client sent AUTH)/, 'it has no password, and the URL has one; leave that out'],
]

/** A failed connection in one line: where, and what to mend. It repeats nothing of the URL but host and port. */
export function connectionProblem(error: unknown, { host, port, hasTls }: Address): string {
  const at = `${host}:${port}`
  if (error instanceof ReplyError) {
    const { message } = error as Error
    const meaning = meaningOf(message, replies) ?? message.split(/[\s.]/, 1)[0]
    return `Redis at ${at} refuses the connection: ${meaning}.`
  }
  const { code } = (error ?? {}) as { readonly code?: unknown }
  const meaning = typeof code === 'string' ? meaningOf(code, meanings) : undefined
  const named = typeof code === 'string' ? ` (${code})` : ''
  if (meaning !== undefined) return `Redis cannot be reached at ${at}${named}: ${meaning}.`
  const tls = hasTls ? `has no TLS, use redis://; ${clientCertificate}` : 'wants TLS, use rediss://'
  return `Redis cannot be reached at ${at}${named}: it is no Redis, closes the connection, or does not answer; if it ${tls}.`
}

function meaningOf(text: string, table: readonly (readonly [RegExp, string])[]): string | undefined {
  return table.find(([pattern]) => pattern.test(text))?.[1]
}
