import { isIPv6 } from 'node:net'

/** A host that abilities may reach although it is internal. `port` null: at every port, also one that is blocked. */
export interface AllowedHost {
  /** As a URL writes it, without brackets and without the dot at the end. */
  readonly host: string
  readonly port: number | null
}

/**
 * Reads an entry of FETCH_ALLOW, or says in a sentence what is wrong with it. It is a name or an address, with or without
 * a port (`billing.internal`, `10.0.0.7:8080`, `[::1]:9000`, `::1`), and means exactly that host: no wildcards, no subdomains.
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

/** The form in which hosts are compared: what WHATWG URLs make of a name or of an address written oddly. */
function hostOf(name: string): string | null {
  const url = URL.parse(`http://${name}/`)
  return url === null ? null : plainHost(url)
}

/** A URL's host without brackets and without the dot that only says that a name is complete. */
export function plainHost({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
}

export function isAllowed(allowed: readonly AllowedHost[], host: string, port: number): boolean {
  return allowed.some((entry) => entry.host === host && (entry.port === null || entry.port === port))
}
