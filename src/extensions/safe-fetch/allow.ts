import { isIPv6 } from 'node:net'

/** An internal host that abilities may reach. `port` null: on every port, including blocked ones. */
export interface AllowedHost {
  /** The host as in a URL, without brackets and without a trailing dot. */
  readonly host: string
  readonly port: number | null
}

/**
 * Parses an entry of FETCH_ALLOW, or returns a sentence that says what is wrong. An entry is a name or an address, with
 * or without a port (`billing.internal`, `10.0.0.7:8080`, `[::1]:9000`, `::1`). It means exactly that host: no
 * wildcards, no subdomains.
 */
export function parseAllowedHost(text: string): AllowedHost | string {
  const wrong = `${JSON.stringify(text)} is not a host or host:port.`
  if (isIPv6(text)) return { host: hostOf(`[${text}]`) ?? text, port: null }
  const [, name, digits] = /^(\[[^\]]+\]|[^\s:/?#@\\*[\]%]+)(?::(\d{1,5}))?$/.exec(text) ?? []
  const host = name === undefined ? null : hostOf(name)
  const port = digits === undefined ? null : Number(digits)
  if (host === null || host === '' || port === 0 || (port ?? 0) > 65_535) return wrong
  return { host, port }
}

/** The normal form in which hosts are compared: what the WHATWG URL parser makes of a name or an unusual address. */
function hostOf(name: string): string | null {
  const url = URL.parse(`http://${name}/`)
  return url === null ? null : plainHost(url)
}

/** The host of a URL without brackets and without a trailing dot. */
export function plainHost({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
}

export function isAllowed(allowed: readonly AllowedHost[], host: string, port: number): boolean {
  return allowed.some((entry) => entry.host === host && (entry.port === null || entry.port === port))
}
