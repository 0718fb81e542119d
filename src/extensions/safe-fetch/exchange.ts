import { isIP } from 'node:net'
import { buildConnector, Client, errors } from 'undici'
import { unlessAborted } from '../../kernel/unless-aborted.ts'
import { type BodyLimit, readBody } from './body.ts'
import { FetchFailed, FetchFault } from './fault.ts'
import type { Headers } from './headers.ts'
import { type Hop, redirectLocation } from './redirect.ts'
import { checkAddresses, type FetchTarget } from './target.ts'

const maxHeaderBytes = 16_384

/** Resolves all addresses of a name. */
export type Lookup = (host: string) => Promise<readonly string[]>

/** Opens a connection to one of these addresses only. The signal aborts it. */
export type Dial = (addresses: readonly string[], signal: AbortSignal) => buildConnector.connector

export interface Exchange {
  readonly status: number
  readonly headers: Headers
  /** `headers` joins them, which cannot be undone. */
  readonly setCookies: readonly string[]
  readonly bytes: Uint8Array
  readonly isCut: boolean
}

/**
 * One request and its response over a new connection, which is closed afterwards: a kept connection could outlive a
 * change of addresses. Resolves the addresses once, checks them, and connects to exactly those.
 */
export async function exchange(
  target: FetchTarget,
  hop: Hop,
  { lookup, dial, signal, ...limit }: BodyLimit & { lookup: Lookup; dial: Dial; signal: AbortSignal },
): Promise<Exchange> {
  const addresses = isIP(target.host) === 0 ? await resolve(lookup, target.host, signal) : [target.host]
  if (!target.isAllowed) checkAddresses(target.host, addresses)
  const client = new Client(target.url.origin, {
    connect: dial(addresses, signal),
    maxHeaderSize: maxHeaderBytes,
    // The caller's signal limits the total time.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  try {
    const response = await client.request({
      path: `${target.url.pathname}${target.url.search}`,
      method: hop.method as 'GET', // undici takes any token, its types the usual ones.
      headers: hop.headers,
      body: hop.body,
      signal,
      reset: true,
    })
    const status = response.statusCode
    const headers = plainHeaders(response.headers)
    const isUnread = limit.maxBytes === 0 && limit.whenLarger === 'cut'
    const isEmpty =
      isUnread ||
      hop.method === 'HEAD' ||
      redirectLocation(status, headers) !== null ||
      status === 204 ||
      status === 304
    const encoding = isEmpty ? '' : (headers['content-encoding'] ?? '')
    if (isEmpty) response.body.on('error', () => {}).destroy()
    const body = isEmpty ? { bytes: new Uint8Array(), isCut: false } : await readBody(response.body, encoding, limit)
    return { status, headers, setCookies: [response.headers['set-cookie'] ?? []].flat(), ...body }
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof FetchFault ? error : failed(error, target)
  } finally {
    await client.destroy()
  }
}

/** The production dialler: the faster of IPv6 and IPv4 among the checked addresses. */
export const dialAddresses: Dial = (addresses, signal) =>
  buildConnector({
    lookup: (_host, _options, callback) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: isIP(address) })),
      ),
    autoSelectFamily: true,
    signal,
  })

async function resolve(lookup: Lookup, host: string, signal: AbortSignal): Promise<readonly string[]> {
  signal.throwIfAborted()
  try {
    const addresses = await unlessAborted(lookup(host), signal)
    if (addresses.length === 0) throw new FetchFailed(`The host ${host} has no address.`)
    return addresses
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof FetchFault
      ? error
      : new FetchFailed(`The host ${host} could not be found (${codeOf(error)}).`)
  }
}

function plainHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Headers {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  )
}

/** Uses only the error code: messages of Node and undici contain addresses and received data. */
function failed(error: unknown, { url }: FetchTarget): FetchFailed {
  const code = codeOf(error)
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return new FetchFailed(`${url.host} answered with more than ${maxHeaderBytes} bytes of headers.`)
  }
  if (error instanceof errors.HTTPParserError)
    return new FetchFailed(`${url.host} answered with something that is not HTTP.`)
  return new FetchFailed(`${url.host} could not be reached, or the connection broke (${code}).`)
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return typeof code === 'string' ? code : 'unknown'
}
