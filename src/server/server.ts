import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Authenticator } from '../access/authenticate.ts'
import type { SearchRecords } from '../api/chatbotkit/resource/dataset-search.ts'
import { createRestApi, isRestPath } from '../api/chatbotkit/rest-api.ts'
import { createGraphqlServer } from '../api/graphql/transport/graphql-server.ts'
import type { ReportDefect } from '../api/graphql/transport/mask-error.ts'
import { createSubscriptionLimits } from '../api/graphql/transport/subscription-limits.ts'
import { attachWebsocket } from '../api/graphql/transport/websocket.ts'
import type { Services } from '../api/services.ts'
import type { Config } from '../config/config.ts'
import { type FailureCode, failures } from '../kernel/errors.ts'
import type { RequestObserver } from '../telemetry/requests.ts'
import { answerBrokenRequests } from './broken-request.ts'
import { createConnectionLimits } from './connection-limits.ts'
import { createCors } from './cors.ts'
import { createGate, type GateRefusal, responseHead } from './gate.ts'
import { createGraphiqlAssets, type GraphiqlResponse } from './graphiql/graphiql-assets.ts'
import { isReady, type ReadinessCheck } from './health.ts'
import { createOpenResponses } from './open-responses.ts'
import { hasValidHost, requestTarget } from './request-target.ts'

export interface ServerOptions {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  readonly services: Services
  readonly searchRecords: SearchRecords
  readonly authenticator: Authenticator
  /** Told of each request; absent: nobody is. */
  readonly requests?: RequestObserver
  /** As they are configured. */
  readonly settings: ServerSettings
  readonly reportDefect: ReportDefect
  readonly readiness: ReadinessCheck
  readonly channelId: () => string
  /** How long `close` lets everything go on while `/ready` says 503, so that load balancers look elsewhere first. */
  readonly drainMs: number
}

export type ServerSettings = Pick<
  Config,
  | 'connectionsPerAddress'
  | 'clientAddressHeader'
  | 'subscriptionsPerConnection'
  | 'subscriptionsPerAccount'
  | 'maxRequestBytes'
  | 'corsOrigins'
  | 'introspection'
  | 'graphiql'
>

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

/** The vendor's names for it as well. */
const graphqlPaths: readonly string[] = ['/graphql', '/v1/graphql', '/api/v1/graphql']
const invalidHost = { message: 'The Host header names no host.', code: 'BAD_REQUEST' }

/** As often as load balancers ask. */
const readyRetrySeconds = 5

/** For answers that are on their way when the server closes; the slowest mutation waits two seconds, a dead Redis costs five. */
const closeGraceMs = 5000

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { services, authenticator, reportDefect, settings } = options
  const { maxRequestBytes, introspection } = settings
  const cors = createCors({ origins: settings.corsOrigins, isOpen: authenticator.isOpen })
  const connections = createConnectionLimits({
    perAddress: settings.connectionsPerAddress,
    addressHeader: settings.clientAddressHeader,
  })
  const gate = createGate(cors, connections)
  const subscriptionLimits = createSubscriptionLimits({
    perConnection: settings.subscriptionsPerConnection,
    perAccount: settings.subscriptionsPerAccount,
  })
  const bodyLimit = { maxBytes: maxRequestBytes }
  const graphql = createGraphqlServer({
    services,
    authenticator,
    reportDefect,
    bodyLimit,
    subscriptionLimits,
    introspection,
  })
  const rest = createRestApi({
    services: { ...services, searchRecords: options.searchRecords },
    authenticate: authenticator.authenticate,
    whenExpired: authenticator.whenExpired,
    // Each stream has a connection to itself, or is the only one on it.
    takeStream: (account) => subscriptionLimits.take(account, {}),
    reportDefect,
    maxBodyBytes: maxRequestBytes,
    heartbeatMs: 15_000,
  })
  const graphiql = settings.graphiql ? createGraphiqlAssets() : null
  const responses = createOpenResponses()
  let isClosing = false

  const route = async (request: IncomingMessage, response: ServerResponse) => {
    const { path } = requestTarget(request)
    if (path === '/health') return sendJson(response, 200, { status: 'alive' })
    if (path === '/ready') {
      const ready = !isClosing && (await isReady(options.readiness))
      if (!ready) response.setHeader('retry-after', readyRetrySeconds)
      return sendJson(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready' })
    }
    const refusal = gate(request, response)
    if (refusal !== null) return sendRefusal(response, path, refusal)
    if (cors.answer(request, response)) return
    if (isRestPath(path) && !graphqlPaths.includes(path)) {
      return hasValidHost(request) ? rest(request, response) : sendJson(response, 400, invalidHost)
    }
    if (graphqlPaths.includes(path)) {
      // The one name that Yoga knows it by.
      request.url = `/graphql${request.url?.slice(path.length) ?? ''}`
      if (graphiql !== null && wantsPage(request))
        return send(response, await graphiql.page({ channelId: options.channelId() }))
      if (hasValidHost(request)) return void (await graphql(request, response))
      return sendError(response, 400, { code: 'BAD_USER_INPUT', message: 'The Host header names no host.' })
    }
    const acceptEncoding = String(request.headers['accept-encoding'] ?? '')
    const asset = (await graphiql?.handle({ path, acceptEncoding })) ?? null
    if (asset !== null) return send(response, asset)
    return sendError(response, 404, { code: 'NOT_FOUND', message: `There is nothing at ${path}.` })
  }
  // Its own refusal of a request without a Host has no code; ours has.
  const server = createServer({ requireHostHeader: false }, (request, response) => {
    responses.add(response)
    // A kept connection would bring its next request here.
    if (isClosing) response.setHeader('connection', 'close')
    const answered =
      options.requests?.http(request, response, () => route(request, response)) ?? route(request, response)
    answered.catch((error: unknown) => {
      const id = reportDefect(error)
      if (response.headersSent) response.destroy()
      else sendError(response, 500, { code: 'INTERNAL', message: `The server failed. It was logged as ${id}.` })
    })
  })
  answerBrokenRequests(server)
  server.on('connection', connections.onConnection)
  const websocket = attachWebsocket(server, {
    graphql,
    authenticator,
    requests: options.requests,
    reportDefect,
    maxPayloadBytes: maxRequestBytes,
    initTimeoutMs: 10_000,
    pingIntervalMs: 12_000,
    refusal: (request, socket) => {
      const refusal = gate(request, socket)
      return refusal === null ? null : responseHead(refusal)
    },
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

/** In the form of the API that was asked. */
function sendRefusal(response: ServerResponse, path: string, { code, message, headers }: GateRefusal): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  const { status } = failures[code]
  const restCode = code === 'FORBIDDEN' ? 'NOT_AUTHORIZED' : 'TOO_MANY_REQUESTS'
  if (isRestPath(path) && !graphqlPaths.includes(path)) sendJson(response, status, { message, code: restCode })
  else sendError(response, status, { code, message, retryAfter: headers['retry-after'] })
}

function sendError(
  response: ServerResponse,
  status: number,
  {
    code,
    message,
    retryAfter,
  }: { readonly code: FailureCode; readonly message: string; readonly retryAfter?: string | undefined },
): void {
  const extensions = { code, ...(retryAfter !== undefined && { retryAfterSeconds: Number(retryAfter) }) }
  sendJson(response, status, { errors: [{ message, extensions }] })
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value))
  send(response, { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body })
}

function urlOf({ port, family, address }: AddressInfo, host: string): string {
  return `http://${host === 'localhost' ? host : family === 'IPv6' ? `[${address}]` : address}:${port}`
}
