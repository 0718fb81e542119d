import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from '../api/api.ts'
import type { RequestObserver } from '../api/streaming/request-observer.ts'
import type { Config } from '../config/config.ts'
import { timings } from '../config/timings.ts'
import { Failure, failures } from '../kernel/errors.ts'
import { listen } from '../kernel/listen.ts'
import { requestPath } from '../kernel/request-path.ts'
import { answerBrokenRequests } from './broken-request.ts'
import { createConnectionLimits } from './connection-limits.ts'
import type { Console } from './console/console.ts'
import { continueWhenRead } from './continue.ts'
import { createCors } from './cors.ts'
import { createGate } from './gate.ts'
import type { Graphiql } from './graphiql/graphiql.ts'
import { type Readiness, type ReadinessCheck, readinessBy } from './health.ts'
import { createOpenResponses } from './open-responses.ts'
import { createPipelining } from './pipelining.ts'
import { offersWebSocket, routeUpgrades } from './upgrades.ts'
import { hasValidHost } from './valid-host.ts'

export interface ServerOptions {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** The first API gives errors their form on a path that no API owns. */
  readonly apis: readonly [Api, ...Api[]]
  /** Null: GraphiQL is off. */
  readonly graphiql: Graphiql | null
  /** Absent: the console is off. */
  readonly console?: Console | undefined
  /** True: there are no API keys, so everyone who reaches the port may act. */
  readonly isOpen: boolean
  /** Absent: requests are not observed. */
  readonly requests?: RequestObserver
  readonly settings: ServerSettings
  /** Logs the whole defect and returns the id of the log entry. */
  readonly reportDefect: (error: unknown) => string
  readonly readiness: ReadinessCheck
  /** Told of each connection. */
  readonly onConnection?: (socket: Socket) => void
  /** Where everything is kept, as `/ready` says it. */
  readonly keptIn: string
  /** How long `close` keeps serving while `/ready` answers 503, so that load balancers switch first. */
  readonly drainMs: number
}

export type ServerSettings = Pick<
  Config,
  'connectionsPerAddress' | 'clientAddressHeader' | 'trustedProxies' | 'corsOrigins' | 'keepAliveSeconds'
>

export interface RunningServer {
  /** `http://host:port` */
  readonly url: string
  /** Makes `/ready` answer 503, so that load balancers switch to other servers. */
  stopAccepting(): void
  /**
   * Calls `stopAccepting`, waits for the drain, then refuses new connections. Requests in flight get their answers for
   * up to five seconds; event streams end; WebSockets close with 1001. Stock clients reconnect after both.
   */
  close(): Promise<void>
}

const { closeGraceMs, readyRetrySeconds } = timings.server

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { apis, graphiql, reportDefect, settings } = options
  const cors = createCors({ origins: settings.corsOrigins, isOpen: options.isOpen })
  const connections = createConnectionLimits({
    perAddress: settings.connectionsPerAddress,
    client: { header: settings.clientAddressHeader, trustedProxies: settings.trustedProxies },
  })
  const gate = createGate(cors, connections)
  const responses = createOpenResponses()
  const cutting = setInterval(responses.cutStalled, timings.server.stalledMs).unref()
  let isClosing = false

  const apiOf = (request: IncomingMessage) => apis.find((api) => api.owns(requestPath(request)))
  const refuse = (request: IncomingMessage, response: ServerResponse, failure: Failure) => {
    const form = apiOf(request) ?? apis[0]
    const { status, headers, body, text } = form.refusal(failure, failures[failure.code].status)
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    if (text === undefined) sendJson(response, status, body)
    else send(response, { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: Buffer.from(text) })
  }
  const route = async (request: IncomingMessage, response: ServerResponse) => {
    const path = requestPath(request)
    if (path === '/health') return sendJson(response, 200, { status: 'alive' })
    if (path === '/ready') {
      const readiness: Readiness = isClosing
        ? { status: 'not ready' }
        : await readinessBy(options.readiness, options.keptIn)
      if (readiness.status !== 'ready') response.setHeader('retry-after', readyRetrySeconds)
      return sendJson(response, readiness.status === 'ready' ? 200 : 503, readiness)
    }
    const refusal = gate(request, response)
    if (refusal !== null) {
      // The connection is over the limit; kept alive it would keep counting.
      if (refusal.code === 'LIMIT_EXCEEDED') response.setHeader('connection', 'close')
      return refuse(request, response, refusal)
    }
    if (cors.answer(request, response)) return
    const page = (await graphiql?.(request)) ?? (await options.console?.(request)) ?? null
    if (page !== null) return send(response, page)
    const api = apiOf(request)
    if (api === undefined) return refuse(request, response, new Failure('NOT_FOUND', `There is nothing at ${path}.`))
    if (hasValidHost(request)) return api.handle(request, response)
    return refuse(request, response, new Failure('BAD_USER_INPUT', 'The Host header names no host.'))
  }
  // Node's own error for a request without a Host has no code; ours does.
  const keepAliveMs = settings.keepAliveSeconds * 1000
  const headersMs = keepAliveMs + timings.server.headersGraceMs
  const http = {
    requireHostHeader: false,
    shouldUpgradeCallback: offersWebSocket,
    keepAliveTimeout: keepAliveMs,
    // Shorter than the idle time, it would cut connections that wait for their next request.
    headersTimeout: headersMs,
    requestTimeout: Math.max(timings.server.requestMs, headersMs),
  }
  const pipelining = createPipelining()
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    responses.add(response)
    if (!pipelining.admit(request.socket, response)) {
      response.setHeader('connection', 'close')
      const message = 'There are too many requests on this connection that wait for their answers.'
      return refuse(request, response, new Failure('LIMIT_EXCEEDED', message, { retryAfterSeconds: 1 }))
    }
    // A kept-alive connection would send its next request here.
    if (isClosing) response.setHeader('connection', 'close')
    const answered =
      options.requests?.http(request, response, () => route(request, response)) ?? route(request, response)
    answered.catch((error: unknown) => {
      const id = reportDefect(error)
      if (response.headersSent) response.destroy()
      else refuse(request, response, new Failure('INTERNAL', `The server failed. It was logged as ${id}.`))
    })
  }
  const server = createServer(http, serve)
  server.on('checkContinue', (request, response) => {
    continueWhenRead(request, response)
    serve(request, response)
  })
  answerBrokenRequests(server, apis)
  server.on('connection', connections.onConnection)
  if (options.onConnection !== undefined) server.on('connection', options.onConnection)
  const sockets = routeUpgrades(server, apis, gate)
  await listen(server, { host: options.host, port: options.port, variable: 'PORT' })

  return {
    url: urlOf(server.address() as AddressInfo, options.host),
    stopAccepting() {
      isClosing = true
    },
    async close() {
      isClosing = true
      clearInterval(cutting)
      await sleep(options.drainMs)
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      await Promise.all([...sockets.map((each) => each.close(closeGraceMs)), responses.finish(closeGraceMs)])
      // Closes idle connections, and clients that do not read what they requested.
      server.closeAllConnections()
      await closed
    },
  }
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  // With 304 the length would be that of what the client has.
  const length = status === 304 ? {} : { 'content-length': body.byteLength }
  response.writeHead(status, { ...headers, ...length }).end(body)
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value))
  send(response, { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body })
}

function urlOf({ port, family, address }: AddressInfo, host: string): string {
  return `http://${host === 'localhost' ? host : family === 'IPv6' ? `[${address}]` : address}:${port}`
}
