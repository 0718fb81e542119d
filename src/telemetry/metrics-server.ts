import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { listen } from '../kernel/listen.ts'
import type { Metrics } from './metrics.ts'

export interface MetricsServer {
  /** `http://host:port/metrics` */
  readonly url: string
  close(): Promise<void>
}

/** Listens on a separate port for internal use; it requires no key. */
export async function startMetricsServer(
  { expose }: Pick<Metrics, 'expose'>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end()
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return void response.writeHead(405, { allow: 'GET, HEAD' }).end()
    expose().then(
      ({ contentType, text }) => response.writeHead(200, { 'content-type': contentType }).end(text),
      () => response.writeHead(500).end(),
    )
  })
  await listen(server, { host, port, variable: 'METRICS_PORT' })
  const { port: actual, family, address } = server.address() as AddressInfo
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}/metrics`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}
