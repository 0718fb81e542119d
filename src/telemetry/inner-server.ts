import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { listen } from '../kernel/listen.ts'

export interface InnerAnswer {
  readonly status: number
  readonly contentType: string
  readonly text: string
}

export interface InnerServer {
  /** `http://host:port` */
  readonly url: string
  close(): Promise<void>
}

/** By path. One that rejects is answered with 500. */
export type InnerRoutes = Readonly<Record<string, () => Promise<InnerAnswer>>>

/** Listens on a separate port for probes and Prometheus; it requires no key. */
export async function startInnerServer(
  routes: InnerRoutes,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<InnerServer> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? ''
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined
    if (route === undefined) return void response.writeHead(404).end()
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return void response.writeHead(405, { allow: 'GET, HEAD' }).end()
    route().then(
      ({ status, contentType, text }) => response.writeHead(status, { 'content-type': contentType }).end(text),
      () => response.writeHead(500).end(),
    )
  })
  await listen(server, { host, port, variable: 'METRICS_PORT' })
  const { port: actual, family, address } = server.address() as AddressInfo
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

export function jsonAnswer(status: number, value: unknown): InnerAnswer {
  return { status, contentType: 'application/json; charset=utf-8', text: JSON.stringify(value) }
}
