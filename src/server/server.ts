import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FailureCode } from '../errors.ts'
import type { Services } from '../schema/context.ts'
import type { Authenticator } from './authenticate.ts'
import { hasForeignOrigin } from './foreign-origin.ts'
import { createGraphiqlAssets, type GraphiqlResponse } from './graphiql-assets.ts'
import { createGraphqlServer } from './graphql.ts'
import { isReady, type ReadinessCheck } from './health.ts'
import type { ReportDefect } from './mask-error.ts'
import { createOpenResponses } from './open-responses.ts'
import { hasValidHost, requestTarget } from './request-target.ts'
import { attachWebsocket } from './websocket.ts'

export interface ServerOptions {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  readonly services: Services
  readonly authenticator: Authenticator
  readonly reportDefect: ReportDefect
  readonly readiness: ReadinessCheck
  readonly channelId: () => string
  /** How long `close` lets everything go on while `/ready` says 503, so that load balancers look elsewhere first. */
  readonly drainMs: number
}

export interface RunningServer {
  /** `http://host:port` */
  readonly url: string
  /** From now on `/ready` answers 503, so that load balancers look elsewhere. */
  stopAccepting(): void
  /**
   * `stopAccepting`, the drain, then no new connection; requests in flight get their answers for up to five seconds,
   * event streams end, WebSockets are closed with 1001. Stock clients come back to both.
   */
  close(): Promise<void>
}

/** Bodies and WebSocket messages; a text may have 1,000,000 UTF-16 code units, which JSON makes up to 6 MB of. */
const maxRequestBytes = 8_000_000
/** For answers that are on their way when the server closes; the slowest mutation waits two seconds, a dead Redis costs five. */
const closeGraceMs = 5000

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { services, authenticator, reportDefect } = options
  const bodyLimit = { maxBytes: maxRequestBytes }
  const graphql = createGraphqlServer({ services, authenticator, reportDefect, bodyLimit })
  const graphiql = createGraphiqlAssets()
  const responses = createOpenResponses()
  let isClosing = false

  const route = async (request: IncomingMessage, response: ServerResponse) => {
    const { path } = requestTarget(request)
    if (path === '/health') return sendJson(response, 200, { status: 'alive' })
    if (path === '/ready') {
      const ready = !isClosing && (await isReady(options.readiness))
      return sendJson(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready' })
    }
    if (path === '/graphql') {
      if (hasForeignOrigin(request, authenticator)) {
        return sendError(response, 403, 'FORBIDDEN', 'Pages of other hosts may not call this server.')
      }
      if (wantsPage(request)) return send(response, await graphiql.page({ channelId: options.channelId() }))
      if (hasValidHost(request)) return void (await graphql(request, response))
      return sendError(response, 400, 'BAD_USER_INPUT', 'The Host header names no host.')
    }
    const asset = await graphiql.handle({ path, acceptEncoding: String(request.headers['accept-encoding'] ?? '') })
    if (asset !== null) return send(response, asset)
    return sendError(response, 404, 'NOT_FOUND', `There is nothing at ${path}.`)
  }
  const server = createServer((request, response) => {
    responses.add(response)
    // A kept connection would bring its next request here.
    if (isClosing) response.setHeader('connection', 'close')
    route(request, response).catch((error: unknown) => {
      const id = reportDefect(error)
      if (response.headersSent) response.destroy()
      else sendError(response, 500, 'INTERNAL', `The server failed. It was logged as ${id}.`)
    })
  })
  const websocket = attachWebsocket(server, {
    graphql,
    authenticator,
    reportDefect,
    maxPayloadBytes: maxRequestBytes,
    initTimeoutMs: 10_000,
    pingIntervalMs: 12_000,
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })

  return {
    url: urlOf(server.address() as AddressInfo, options.host),
    stopAccepting() {
      isClosing = true
    },
    async close() {
      isClosing = true
      await sleep(options.drainMs)
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      await Promise.all([websocket.close(closeGraceMs), responses.finish(closeGraceMs)])
      // Idle ones, and clients that do not take what they have asked for.
      server.closeAllConnections()
      await closed
    },
  }
}

/** Browsers' address bars ask for HTML; GraphQL clients never do. */
function wantsPage(request: IncomingMessage): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false
  return String(request.headers.accept ?? '').includes('text/html') && !requestTarget(request).query.has('query')
}

function send(response: ServerResponse, { status, headers, body }: GraphiqlResponse): void {
  response.writeHead(status, { ...headers, 'content-length': body.byteLength }).end(body)
}

function sendError(response: ServerResponse, status: number, code: FailureCode, message: string): void {
  sendJson(response, status, { errors: [{ message, extensions: { code } }] })
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value))
  send(response, { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body })
}

function urlOf({ port, family, address }: AddressInfo, host: string): string {
  return `http://${host === 'localhost' ? host : family === 'IPv6' ? `[${address}]` : address}:${port}`
}
