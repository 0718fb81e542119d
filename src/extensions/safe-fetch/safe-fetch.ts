import { lookup } from 'node:dns/promises'
import { linkAborts } from '../../kernel/linked-abort.ts'
import type { LoopTurns } from '../../kernel/loop-turns.ts'
import { parseAllowedHost } from './allow.ts'
import type { BodyLimit } from './body.ts'
import { createHopCookies } from './cookies.ts'
import { type Dial, dialAddresses, exchange, type Lookup } from './exchange.ts'
import { FetchFailed, FetchRefused } from './fault.ts'
import { checkHeaders, type Headers } from './headers.ts'
import { type Hop, nextHop, redirectLocation } from './redirect.ts'
import { checkTarget } from './target.ts'

export interface FetchRequest {
  readonly url: string
  /** In whose turns of the event loop the body is read. Absent: without turns. */
  readonly account?: string
  /** Default: GET. */
  readonly method?: string
  readonly headers?: Headers
  /**
   * Names of headers with secrets. Like `authorization` and `cookie`, they are dropped when a redirect leaves the
   * origin.
   */
  readonly secretHeaders?: readonly string[]
  readonly body?: string | Uint8Array | null
  readonly signal: AbortSignal
  /** Limits the total time: name resolution, connections, redirects, and the whole body. */
  readonly timeoutMs: number
  /** 0 with `cut`: the body is not read, however long, slow or encoded it is. */
  readonly maxBytes: number
  /** Default: `fail`. */
  readonly whenLarger?: BodyLimit['whenLarger']
  /** The most redirects to follow; default and maximum: 5. One more is FetchFailed. `returned`: none is followed, and the first is the response. */
  readonly redirects?: number | 'returned'
}

export interface FetchResponse {
  /** Any status except a redirect that is followed. A status other than 200 is not an error here. */
  readonly status: number
  /** The URL of the last hop. */
  readonly url: string
  readonly headers: Headers
  /** The content-type header as received, or empty. */
  readonly contentType: string
  /** After decompression. */
  readonly body: Uint8Array
  /** True: the body was longer than `maxBytes` and `whenLarger` is `cut`. */
  readonly truncated: boolean
}

/** Throws only FetchRefused, FetchFailed, or the abort reason of `signal`. */
export interface SafeFetch {
  fetch(request: FetchRequest): Promise<FetchResponse>
  /** Aborts requests in flight with FetchFailed. Later requests fail at once. */
  close(): Promise<void>
}

export interface SafeFetchDeps {
  /** Entries of FETCH_ALLOW: `host` or `host:port`. Throws for an invalid entry. */
  readonly allow: readonly string[]
  readonly lookup?: Lookup
  readonly dial?: Dial
  readonly loopTurns?: Pick<LoopTurns, 'pass'>
}

const mostRedirects = 5

/**
 * The only way for abilities, attachments and webhooks to reach the network. It allows http and https; every address of every hop
 * must be public or its host on the allow-list, and it connects only to the checked addresses. It sends nothing
 * ambient: no credentials, no cookies but those that a response before in the same fetch has set, no proxy settings from the environment. It allows the ports that browsers allow.
 */
export function createSafeFetch(deps: SafeFetchDeps): SafeFetch {
  const { allow, lookup = lookupAll, dial = dialAddresses, loopTurns } = deps
  const allowed = allowedHosts(allow)
  const closing = new AbortController()
  const open = new Set<Promise<unknown>>()

  async function follow(request: FetchRequest, signal: AbortSignal): Promise<FetchResponse> {
    const { account, maxBytes, whenLarger = 'fail', secretHeaders = [] } = request
    const given = request.redirects ?? mostRedirects
    const redirects = given === 'returned' ? given : Math.min(given, mostRedirects)
    const cookies = createHopCookies()
    const turn = (costMs: number) => (account === undefined ? undefined : loopTurns?.pass(account, costMs))
    let hop = firstHop(request)
    for (let followed = 0; ; followed++) {
      const target = checkTarget(hop.url, allowed)
      const { status, headers, setCookies, bytes, isCut } = await exchange(target, cookies.addTo(hop), {
        lookup,
        dial,
        signal,
        maxBytes,
        whenLarger,
        turn,
      })
      const location = redirectLocation(status, headers)
      if (location === null || redirects === 'returned') {
        const contentType = headers['content-type'] ?? ''
        return { status, url: target.url.href, headers, contentType, body: bytes, truncated: isCut }
      }
      if (followed === redirects) throw new FetchFailed(`There were more than ${redirects} redirects.`)
      cookies.keep(hop.url, setCookies)
      hop = nextHop(hop, status, location, secretHeaders)
    }
  }

  async function limited(request: FetchRequest): Promise<FetchResponse> {
    const { timeoutMs } = request
    const limit = new AbortController()
    const late = () => limit.abort(new FetchFailed(`There was no whole response within ${timeoutMs} ms.`))
    const timer = setTimeout(late, timeoutMs)
    const { signal, unlink } = linkAborts([request.signal, closing.signal, limit.signal])
    try {
      signal.throwIfAborted()
      return await follow(request, signal)
    } finally {
      clearTimeout(timer)
      unlink()
    }
  }

  return {
    async fetch(request) {
      const response = limited(request)
      open.add(response)
      try {
        return await response
      } finally {
        open.delete(response)
      }
    },

    async close() {
      closing.abort(new FetchFailed('The server is stopping.'))
      await Promise.allSettled(open)
    },
  }
}

/** @returns why a request to a URL would be refused before its name is resolved; null: it would not be */
export function targetProblem(allow: readonly string[]): (url: string) => string | null {
  const allowed = allowedHosts(allow)
  return (url) => {
    try {
      checkTarget(url, allowed)
      return null
    } catch (error) {
      if (error instanceof FetchRefused) return error.message
      throw error
    }
  }
}

function allowedHosts(allow: readonly string[]) {
  return allow.map((text) => {
    const entry = parseAllowedHost(text)
    if (typeof entry === 'string') throw new Error(entry)
    return entry
  })
}

function firstHop({ url, method = 'GET', headers = {}, body = null }: FetchRequest): Hop {
  const upper = method.toUpperCase()
  if (!methods.includes(upper)) {
    throw new FetchRefused(`The method ${JSON.stringify(method.slice(0, 40))} is not one of ${methods.join(', ')}.`)
  }
  return { url, method: upper, headers: checkHeaders(headers), body }
}

/** CONNECT and TRACE are for proxies. No other method is safe with a body that a model has written. */
const methods: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

async function lookupAll(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true })
  return found.map(({ address }) => address)
}
