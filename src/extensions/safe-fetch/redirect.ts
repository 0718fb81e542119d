import { isUtf8 } from 'node:buffer'
import { FetchRefused } from './fault.ts'
import type { Headers } from './headers.ts'

/** The request of one hop. */
export interface Hop {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly body: string | Uint8Array | null
}

const statuses: readonly number[] = [301, 302, 303, 307, 308]

const credentialHeaders: readonly string[] = ['authorization', 'cookie']

/** The target of a redirect, or null. */
export function redirectLocation(status: number, headers: Headers): string | null {
  return statuses.includes(status) ? (headers['location'] ?? null) : null
}

/**
 * The next hop after a redirect, as browsers do it: 303 switches to GET, and so do 301 and 302 after a POST.
 * Credentials are dropped when the origin changes and stay dropped if a later hop returns to it. Throws for a redirect
 * from https to http.
 */
export function nextHop(hop: Hop, status: number, location: string, secretHeaders: readonly string[]): Hop {
  const from = new URL(hop.url)
  const to = URL.parse(locationText(location), from)
  if (to === null) throw new FetchRefused(`${from.host} redirects to something that is not a URL.`)
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    throw new FetchRefused(`${from.host} redirects from https to http at ${to.host}.`)
  }
  const becomesGet =
    (status === 303 && hop.method !== 'GET' && hop.method !== 'HEAD') ||
    ((status === 301 || status === 302) && hop.method === 'POST')
  const dropped =
    to.origin === from.origin ? [] : [...credentialHeaders, ...secretHeaders.map((name) => name.toLowerCase())]
  const headers = Object.entries(hop.headers).filter(
    ([name]) => !dropped.includes(name) && !(becomesGet && name.startsWith('content-')),
  )
  return {
    url: to.href,
    method: becomesGet ? 'GET' : hop.method,
    headers: Object.fromEntries(headers),
    body: becomesGet ? null : hop.body,
  }
}

/**
 * A Location header as browsers read it. Headers reach us with one character for each byte. Servers send other letters
 * than ASCII as UTF-8 without escapes; bytes of any other charset are escaped as they are.
 */
function locationText(location: string): string {
  const bytes = Buffer.from(location, 'latin1')
  if (isUtf8(bytes)) return bytes.toString()
  return location.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`)
}
