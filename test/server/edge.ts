import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAuthenticator } from '../../src/access/authenticate.ts'
import { createGraphqlServer } from '../../src/api/graphql/transport/graphql-server.ts'
import { attachWebsocket } from '../../src/api/graphql/transport/websocket.ts'
import type { Services } from '../../src/api/services.ts'

export interface Edge {
  readonly url: string
  /** What was reported as a defect, in order; the first is logged as `err_1`. */
  readonly defects: readonly unknown[]
  close(): Promise<void>
}

export interface EdgeOptions {
  readonly initTimeoutMs?: number
  readonly maxBytes?: number
}

/** The edge of the server alone, over HTTP, SSE and WebSocket, on services of the test's own. */
export async function startEdge(services: Partial<Services>, options: EdgeOptions = {}): Promise<Edge> {
  const { initTimeoutMs = 5000, maxBytes = 100_000 } = options
  const defects: unknown[] = []
  const reportDefect = (error: unknown) => `err_${defects.push(error)}`
  // What a test does not give is not asked for in it.
  const authenticator = createAuthenticator({ keys: [], tokens: null, clock: () => Date.now() })
  const graphql = createGraphqlServer({
    services: services as Services,
    authenticator,
    reportDefect,
    bodyLimit: { maxBytes },
  })
  const server = createServer((request, response) => void graphql(request, response))
  const websocket = attachWebsocket(server, {
    graphql,
    authenticator,
    reportDefect,
    maxPayloadBytes: maxBytes,
    initTimeoutMs,
    pingIntervalMs: 12_000,
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    defects,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      await websocket.close(5000)
      server.closeAllConnections()
      await closed
    },
  }
}
