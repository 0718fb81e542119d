import type { IncomingMessage, ServerResponse } from 'node:http'
import { isLoopback } from '../kernel/loopback.ts'
import { hasForeignOrigin } from './foreign-origin.ts'

export interface CorsOptions {
  /** Pages of these may call, besides this machine's and our own; `*` is all. */
  readonly origins: readonly string[]
  /** Whether everyone who reaches the port may act: there are no keys. */
  readonly isOpen: boolean
}

export interface Cors {
  /** Why no page behind this request may call; null: it may. Decided before anything is read or looked up. */
  refusal(request: IncomingMessage): string | null
  /** Lets the page behind the request read its answer. True: the request was a preflight, and has been answered. */
  answer(request: IncomingMessage, response: ServerResponse): boolean
}

const methods = 'GET, POST, PUT, PATCH, DELETE, OPTIONS'
/** `apollo-*` and `graphql-*` are what stock clients add; the vendor's SDK sends `x-timezone`. */
const allowedHeaders = [
  'authorization',
  'content-type',
  'accept',
  'x-timezone',
  'x-runas-user-id',
  'x-runas-child-user-email',
  'last-event-id',
  'idempotency-key',
  'traceparent',
  'tracestate',
  'apollo-require-preflight',
  'apollographql-client-name',
  'apollographql-client-version',
  'graphql-preflight',
  'x-graphql-event-stream-token',
].join(', ')
const exposedHeaders = 'retry-after, www-authenticate, x-request-id'
/** Two hours: the longest that Chromium keeps it. */
const preflightSeconds = '7200'

/**
 * Who may call from a browser. There are no cookies, so a page can act with its own credential only, or on a server
 * without keys with none: there, pages of other machines are refused, by whatever name they reach us. Credentials in
 * the sense of CORS are never allowed.
 */
export function createCors({ origins, isOpen }: CorsOptions): Cors {
  const allowed = new Set(origins)
  const isAllowed = (origin: string | undefined) => origin !== undefined && (allowed.has('*') || allowed.has(origin))

  return {
    refusal(request) {
      const { origin, host } = request.headers
      if (isOpen && namesAnotherMachine(host)) {
        // A page can have its own name lead to 127.0.0.1, and is then no foreign origin to its browser.
        return 'Without API keys this server answers to names of this machine only, such as localhost, in the Host header.'
      }
      if (isAllowed(origin)) return null
      if (hasForeignOrigin(request, { isOpen })) return 'Pages of other hosts may not call this server.'
      // Browsers that leave out the origin of a form or a link's request say this much.
      const isForeignSite = origin === undefined && request.headers['sec-fetch-site'] === 'cross-site'
      const acts = request.method !== 'GET' && request.method !== 'HEAD'
      return isForeignSite && acts ? 'Pages of other hosts may not call this server.' : null
    },
    answer(request, response) {
      const { origin } = request.headers
      const isPreflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined
      // Caches must not give one page's answer to another, nor to who is no page.
      response.appendHeader('vary', 'Origin')
      if (origin === undefined) return false
      response.setHeader('access-control-allow-origin', origin)
      response.setHeader('access-control-expose-headers', exposedHeaders)
      if (!isPreflight) return false
      response.setHeader('access-control-allow-methods', methods)
      response.setHeader('access-control-allow-headers', allowedHeaders)
      response.setHeader('access-control-max-age', preflightSeconds)
      response.writeHead(204).end()
      return true
    },
  }
}

/** Of a Host header; one that names no host at all is refused as that. */
function namesAnotherMachine(host: string | undefined): boolean {
  if (host === undefined || !URL.canParse(`http://${host}`)) return false
  const name = new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '')
  // Names below `localhost` are resolved by browsers themselves, to this machine.
  return !isLoopback(name) && !name.endsWith('.localhost')
}
