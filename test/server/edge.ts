import { createAuthenticator } from '../../src/access/authenticate.ts'
import type { Api, ApiDeps } from '../../src/api/api.ts'
import { type BodyRoom, createBodyRoom } from '../../src/api/body-room.ts'
import { createGraphqlApi } from '../../src/api/graphql/api.ts'
import { createInTurn, type InTurn } from '../../src/api/request-turns.ts'
import type { Services } from '../../src/api/services.ts'
import { createSubscriptionLimits } from '../../src/api/streaming/subscription-limits.ts'
import { bounds } from '../../src/config/bounds.ts'
import { readConfig } from '../../src/config/config.ts'
import { createLoopTurns } from '../../src/kernel/loop-turns.ts'
import { startServer } from '../../src/server/server.ts'
import { opened } from '../support/lifetime/opened.ts'

export interface Edge {
  readonly url: string
  /** What was reported as a defect, in order; the first is logged as `err_1`. */
  readonly defects: readonly unknown[]
  close(): Promise<void>
}

export interface EdgeOptions {
  readonly initTimeoutMs?: number
  readonly maxBytes?: number
  readonly pingIntervalMs?: number
  readonly closeTimeoutMs?: number
  readonly inTurn?: InTurn
  readonly bodyRoom?: BodyRoom
  /** Default: GraphQL alone. */
  readonly apis?: (deps: ApiDeps) => readonly [Api, ...Api[]]
}

/** What APIs need, on services of the test's own. A test does not ask for those that it does not give. */
export function apiDeps(services: Partial<Services>, options: EdgeOptions = {}) {
  const { initTimeoutMs = 5000, maxBytes = 100_000, pingIntervalMs = 12_000, closeTimeoutMs = 2000 } = options
  const loopTurns = createLoopTurns(bounds.loop)
  return {
    services: services as Services,
    authenticator: createAuthenticator({ keys: () => [], tokens: null, clock: () => Date.now() }),
    subscriptionLimits: createSubscriptionLimits({ perConnection: 0, perAccount: 0 }),
    inTurn: options.inTurn ?? createInTurn(loopTurns),
    loopTurns,
    bodyRoom: options.bodyRoom ?? createBodyRoom(maxBytes),
    reportDefect: () => 'err_1',
    maxRequestBytes: maxBytes,
    introspection: true,
    aiSdkPath: '/ai-sdk/chat',
    timings: { heartbeatMs: 15_000, initTimeoutMs, pingIntervalMs, closeTimeoutMs },
  } satisfies ApiDeps
}

/** The server, over HTTP, SSE and WebSocket. */
export async function startEdge(services: Partial<Services>, options: EdgeOptions = {}): Promise<Edge> {
  const defects: unknown[] = []
  const reportDefect = (error: unknown) => `err_${defects.push(error)}`
  const { apis = (deps) => [createGraphqlApi(deps)] } = options
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    apis: apis({ ...apiDeps(services, options), reportDefect }),
    graphiql: null,
    isOpen: true,
    settings: readConfig({}, 'all'),
    reportDefect,
    readiness: async () => {},
    keptIn: 'Redis',
    drainMs: 0,
  })
  let closed: Promise<void> | undefined
  const close = () => (closed ??= server.close())
  return opened({ url: server.url, defects, close })
}
