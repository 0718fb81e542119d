import type { IncomingMessage, ServerResponse } from 'node:http'
import { isLoopback } from '../kernel/loopback.ts'
import { hasForeignOrigin } from './foreign-origin.ts'

export interface CorsOptions {
  /** Origins whose pages may call, besides those of this machine and our own. `*` allows all. */
  readonly origins: readonly string[]
  /** True: there are no API keys, so everyone who reaches the port may act. */
  readonly isOpen: boolean
}

export interface Cors {
  /** Why the page behind this request may not call; null: it may. Decided before anything is read or looked up. */
  refusal(request: IncomingMessage): string | null
  /** Adds the headers that let the page read the answer. True: the request was a preflight and has been answered. */
  answer(request: IncomingMessage, response: ServerResponse): boolean
}

const methods = 'GET, POST, PUT, PATCH, DELETE, OPTIONS'
/** Allowed unasked. Stock clients add `apollo-*` and `graphql-*`; the vendor's SDK sends `x-timezone`. */
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
]
const exposedHeaders = 'retry-after, www-authenticate, x-request-id, x-workflow-run-id, x-workflow-stream-tail-index'
/** Two hours, the longest that Chromium caches. */
const preflightSeconds = '7200'

/**
 * Decides which pages may call from a browser. There are no cookies, so a page acts with its own credential, or, on a
 * server without keys, with none. A server without keys refuses pages from other machines, under whatever name they
 * reach it. `Access-Control-Allow-Credentials` is never sent.
 */
export function createCors({ origins, isOpen }: CorsOptions): Cors {
  const allowed = new Set(origins)
  const isAllowed = (origin: string | undefined) => origin !== undefined && (allowed.has('*') || allowed.has(origin))

  return {
    refusal(request) {
      const { origin, host } = request.headers
      if (isOpen && namesAnotherMachine(host)) {
        // A page can let its own domain resolve to 127.0.0.1 (DNS rebinding); then its browser sees no foreign origin.
        return 'Without API keys this server accepts only names of this machine in the Host header, such as localhost.'
      }
      if (isAllowed(origin)) return null
      if (hasForeignOrigin(request, { isOpen })) return 'Pages of other hosts may not call this server.'
      // Some browsers omit the origin of a form or link, but send this header.
      const isForeignSite = origin === undefined && request.headers['sec-fetch-site'] === 'cross-site'
      const acts = request.method !== 'GET' && request.method !== 'HEAD'
      return isForeignSite && acts ? 'Pages of other hosts may not call this server.' : null
    },
    answer(request, response) {
      const { origin } = request.headers
      const isPreflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined
      // So that caches do not serve one page's answer to another page, or to a client that is not a page.
      response.appendHeader('vary', 'Origin')
      if (origin === undefined) return false
      response.setHeader('access-control-allow-origin', origin)
      response.setHeader('access-control-expose-headers', exposedHeaders)
      if (!isPreflight) return false
      response.setHeader('access-control-allow-methods', methods)
      const names = new Set([...allowedHeaders, ...requestedHeaders(request)])
      response.setHeader('access-control-allow-headers', [...names].join(', '))
      response.appendHeader('vary', 'Access-Control-Request-Headers')
      response.setHeader('access-control-max-age', preflightSeconds)
      response.writeHead(204).end()
      return true
    },
  }
}

/**
 * The headers that a preflight asks for: all of them. The page may call, and tracing agents, clients and SDKs add headers of
 * their own that no list knows. Cookies are not among them, which only `Access-Control-Allow-Credentials` would open.
 */
function requestedHeaders({ headers }: IncomingMessage): readonly string[] {
  return String(headers['access-control-request-headers'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => /^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name))
}

/** Whether the Host header names another machine. False for a missing or invalid header, which has an error of its own. */
function namesAnotherMachine(host: string | undefined): boolean {
  if (host === undefined || !URL.canParse(`http://${host}`)) return false
  const name = new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '')
  // Browsers resolve names under `localhost` to this machine.
  return !isLoopback(name) && !name.endsWith('.localhost')
}
