import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Services } from '../schema/context.ts'
import { createGraphiqlAssets, type GraphiqlResponse } from './graphiql-assets.ts'
import { createGraphqlServer } from './graphql.ts'
import { isReady, type ReadinessCheck } from './health.ts'
import type { ReportDefect } from './mask-error.ts'
import { attachWebsocket } from './websocket.ts'

export interface ServerOptions {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  readonly services: Services
  readonly reportDefect: ReportDefect
  readonly readiness: ReadinessCheck
  readonly channelId: () => string
}

export interface RunningServer {
  /** `http://host:port` */
  readonly url: string
  /** From now on `/ready` answers 503, so that load balancers look elsewhere. */
  stopAccepting(): void
  /** Closes the connections too: WebSockets with 1001, on which stock clients reconnect. */
  close(): Promise<void>
}

/** Bodies and WebSocket messages; a text may have 1,000,000 UTF-16 code units, which JSON makes up to 6 MB of. */
const maxRequestBytes = 8_000_000

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { services, reportDefect } = options
  const graphql = createGraphqlServer({ services, reportDefect, bodyLimit: { maxBytes: maxRequestBytes } })
  const graphiql = createGraphiqlAssets()
  let isClosing = false

  const route = async (request: IncomingMessage, response: ServerResponse) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    if (path === '/health') return sendJson(response, 200, { status: 'alive' })
    if (path === '/ready') {
      const ready = !isClosing && (await isReady(options.readiness))
      return sendJson(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready' })
    }
    if (path === '/graphql') {
      if (wantsPage(request)) return send(response, await graphiql.page({ channelId: options.channelId() }))
      return void (await graphql(request, response))
    }
    const asset = await graphiql.handle({ path, acceptEncoding: String(request.headers['accept-encoding'] ?? '') })
    if (asset !== null) return send(response, asset)
    const error = { message: `There is nothing at ${path}.`, extensions: { code: 'NOT_FOUND' } }
    return sendJson(response, 404, { errors: [error] })
  }
  const server = createServer((request, response) => {
    route(request, response).catch((error: unknown) => {
      const id = reportDefect(error)
      const masked = { message: `The server failed. It was logged as ${id}.`, extensions: { code: 'INTERNAL' } }
      if (response.headersSent) response.destroy()
      else sendJson(response, 500, { errors: [masked] })
    })
  })
  const websocket = attachWebsocket(server, {
    graphql,
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
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      await websocket.close()
      // What is left are streams: cut, not completed, so that their clients come back elsewhere.
      server.closeAllConnections()
      await closed
    },
  }
}

/** Browsers' address bars ask for HTML; GraphQL clients never do. */
function wantsPage({ method, headers, url }: IncomingMessage): boolean {
  if (method !== 'GET' || !String(headers.accept ?? '').includes('text/html')) return false
  return !new URL(url ?? '/', 'http://localhost').searchParams.has('query')
}

function send(response: ServerResponse, { status, headers, body }: GraphiqlResponse): void {
  response.writeHead(status, { ...headers, 'content-length': body.byteLength }).end(body)
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value))
  send(response, { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body })
}

function urlOf({ port, family, address }: AddressInfo, host: string): string {
  return `http://${host === 'localhost' ? host : family === 'IPv6' ? `[${address}]` : address}:${port}`
}
