import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface CountingCollector {
  /** The value for OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly endpoint: string
  readonly bytes: number
  close(): Promise<void>
}

/** Accepts what an exporter sends without parsing it, to cost the machine as little as possible. */
export async function startCountingCollector(): Promise<CountingCollector> {
  let bytes = 0
  const server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength
    })
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    get bytes() {
      return bytes
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
