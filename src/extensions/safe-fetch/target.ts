import { isIP } from 'node:net'
import { addressFault } from './address.ts'
import { type AllowedHost, isAllowed, plainHost } from './allow.ts'
import { FetchRefused } from './fault.ts'
import { isBlockedPort } from './ports.ts'

/** A URL that passes all checks possible before its name is resolved. */
export interface FetchTarget {
  readonly url: URL
  /** A name or an address, as `plainHost` returns it. */
  readonly host: string
  readonly port: number
  /** True: the host is on the allow-list, so its addresses need not be public. */
  readonly isAllowed: boolean
}

const defaultPorts: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }

/** Names that mean this machine or network by definition (RFC 6761, 6762, 8375, and ICANN's `internal`). */
const internalNames = /(^|\.)(localhost|localdomain|local|internal|home\.arpa)$/

/** Checks everything about a URL that needs no network. Throws FetchRefused. */
export function checkTarget(text: string, allowed: readonly AllowedHost[]): FetchTarget {
  // The WHATWG parser drops tabs and line breaks. A URL that contains them was built wrongly or to deceive.
  const url = hasControls(text) ? null : URL.parse(text)
  if (url === null)
    throw new FetchRefused('The URL is not valid: write a complete one, such as https://example.com/path.')
  const defaultPort = defaultPorts[url.protocol]
  if (defaultPort === undefined) {
    throw new FetchRefused(`The URL begins with ${url.protocol} and only http: and https: are allowed.`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new FetchRefused('The URL holds a user name or password; credentials belong in the header authorization.')
  }
  url.hash = ''
  const host = plainHost(url)
  if (url.hostname.endsWith('.')) url.hostname = host
  const port = url.port === '' ? defaultPort : Number(url.port)
  if (isAllowed(allowed, host, port)) return { url, host, port, isAllowed: true }

  if (host.split('.').includes('')) throw new FetchRefused(`The host ${host} has an empty part.`)
  if (isBlockedPort(port)) throw new FetchRefused(`Port ${port} of ${host} is blocked, as it is in browsers.`)
  if (internalNames.test(host)) throw new FetchRefused(`The host ${host} is internal. ${remedy}`)
  if (isIP(host) !== 0) checkAddresses(host, [host])
  return { url, host, port, isAllowed: false }
}

/**
 * Throws FetchRefused if any address of a host is not public. One is enough: a name with both public and internal
 * addresses is more often an attack than a need, and chance would decide which one is dialled.
 */
export function checkAddresses(host: string, addresses: readonly string[]): void {
  for (const address of addresses) {
    const fault = addressFault(address)
    if (fault === null) continue
    const subject = address === host ? `The address ${host} is` : `The host ${host} has an address that is`
    throw new FetchRefused(`${subject} not public (${fault}). ${remedy}`)
  }
}

const remedy = 'The setting FETCH_ALLOW of the server opens internal hosts.'

function hasControls(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  return /[\u0000-\u001f\u007f]/.test(text)
}
