import type { IncomingMessage } from 'node:http'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { type ExecutionArgs, type ExecutionResult, GraphQLError, getOperationAST, type SubscriptionArgs } from 'graphql'
import type { ConnectionInitMessage, Context as GraphqlContext, ServerOptions, SubscribePayload } from 'graphql-ws'
import { type Extra, useServer } from 'graphql-ws/use/ws'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Principal } from '../../../access/principal.ts'
import { exactNumber } from '../../../kernel/json.ts'
import { clientTimezone } from '../../../kernel/timezone.ts'
import type { ApiDeps, ApiSockets } from '../../api.ts'
import type { GraphqlServer } from './graphql-server.ts'
import { createMaskError, withExtensions } from './mask-error.ts'
import { persistedQueryError, readParams } from './request-params.ts'

export interface GraphqlSocketsOptions
  extends Pick<ApiDeps, 'authenticator' | 'requests' | 'reportDefect' | 'maxRequestBytes' | 'timings'> {
  readonly graphql: GraphqlServer
}

/** `principal` is set once connection_init is accepted. */
type WebsocketContext = GraphqlContext<ConnectionInitMessage['payload'], Extra & { principal?: Principal }>

interface Operation {
  readonly execute: (args: ExecutionArgs) => ReturnType<NonNullable<ServerOptions['execute']>>
  readonly subscribe: (args: SubscriptionArgs) => ReturnType<NonNullable<ServerOptions['subscribe']>>
}

/**
 * graphql-transport-ws on `/graphql`. The server awaits each send until the socket has accepted it, so it pulls a
 * subscription only as fast as its client reads. An operation that fails gets its own `error` or `next`, and the
 * connection stays open. The connection closes with 1009 for a message above `maxRequestBytes`, with 4408 for a missing
 * `connection_init`, and with 1001 when the server stops; stock clients reconnect after 1001.
 */
export function createGraphqlSockets(options: GraphqlSocketsOptions): ApiSockets {
  const { graphql, authenticator, reportDefect, maxRequestBytes, timings } = options
  const maskError = createMaskError(reportDefect)
  const inRequest = <Result>(request: IncomingMessage, work: () => Result): Result =>
    options.requests === undefined ? work() : options.requests.operation(request, work)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxRequestBytes })

  const inFlight = new Set<Promise<unknown>>()
  /** Keeps connections open until the answer is written, which happens before the next turn of the event loop. */
  function answering<Result>(answer: Promise<Result>): Promise<Result> {
    const written = answer.then(nextTurn, nextTurn).finally(() => inFlight.delete(written))
    inFlight.add(written)
    return answer
  }

  /**
   * 4401 is final for stock clients, which is right for a credential that will never be accepted. After 4403 they
   * reconnect with fresh parameters.
   */
  const letIn = async ({ extra, connectionParams }: WebsocketContext): Promise<boolean> => {
    const credential = parameter(connectionParams, 'authorization') ?? extra.request.headers.authorization
    const identity = await inRequest(extra.request, () => authenticator.identify(credential))
    if (identity.outcome === 'expired') return false
    if (identity.outcome !== 'known') {
      extra.socket.close(4401, 'Unauthorized')
      return false
    }
    extra.principal = identity.principal
    if (extra.socket.readyState !== extra.socket.OPEN) return false
    const forget = authenticator.whenExpired(identity.principal, () => extra.socket.close(4403, 'Forbidden'))
    extra.socket.once('close', forget)
    return true
  }
  const prepare = async ({ extra, connectionParams }: WebsocketContext, payload: SubscribePayload) => {
    const params = readParams(payload)
    const persisted = persistedQueryError(params)
    if (persisted !== null) return [persisted]
    const { schema, execute, subscribe, contextFactory, parse, validate } = graphql.getEnveloped({
      req: extra.request,
      socket: extra.socket,
      params,
      timezone: clientTimezone(parameter(connectionParams, 'x-timezone')),
      // A client can subscribe only on an acknowledged connection, so the principal is set.
      principal: extra.principal as Principal,
    })
    const document = parse(params.query)
    if (getOperationAST(document, params.operationName) == null) {
      return [coded(new GraphQLError('Could not determine what operation to execute.'), 'BAD_USER_INPUT')]
    }
    const errors = validate(schema, document)
    if (errors.length > 0) return errors.map((error: GraphQLError) => coded(error, 'GRAPHQL_VALIDATION_FAILED'))
    return {
      schema,
      document,
      operationName: params.operationName ?? null,
      variableValues: params.variables ?? null,
      contextValue: await contextFactory(),
      rootValue: {
        execute: (args) => inRequest(extra.request, () => execute(args)),
        subscribe: (args) => inRequest(extra.request, () => subscribe(args)),
      } satisfies Operation,
    }
  }
  const disposable = useServer(
    {
      connectionInitWaitTimeout: timings.initTimeoutMs,
      jsonMessageReviver: exactNumber,
      onConnect: letIn,
      onSubscribe: (context, _id, params) =>
        answering(
          prepare(context, params).catch((error: unknown) => [
            error instanceof GraphQLError ? coded(error, 'GRAPHQL_PARSE_FAILED') : maskError(error),
          ]),
        ),
      execute: async (args) => answering(masked(() => (args.rootValue as Operation).execute(args))),
      subscribe: async (args) => masked(() => (args.rootValue as Operation).subscribe(args)),
    },
    sockets,
    timings.pingIntervalMs,
  )

  /** Turns errors thrown before execution into results. */
  async function masked<Result>(run: () => Result): Promise<Awaited<Result> | ExecutionResult> {
    try {
      return await run()
    } catch (error) {
      return { errors: [maskError(error)] }
    }
  }
  return {
    owns: (path) => path === '/graphql',
    accept(request, socket, head) {
      sockets.handleUpgrade(request, socket, head, (websocket) => {
        forgiveLostSends(websocket)
        sockets.emit('connection', websocket, request)
        // For broken frames and oversized messages `ws` closes with the right code; graphql-ws would also write to the
        // console.
        websocket.removeAllListeners('error').on('error', () => {})
      })
    },
    async close(graceMs) {
      const answered = (async () => {
        while (inFlight.size > 0) await Promise.all(inFlight)
      })()
      await within(graceMs, answered)
      await within(graceMs, Promise.resolve(disposable.dispose()))
      for (const socket of sockets.clients) socket.terminate()
    },
  }
}

async function nextTurn(): Promise<void> {
  await setImmediate()
}

async function within(ms: number, done: Promise<unknown>): Promise<void> {
  const abort = new AbortController()
  await Promise.race([done, setTimeout(ms, undefined, { signal: abort.signal }).catch(() => {})])
  abort.abort()
}

/** The value of a header in the payload of connection_init, in any case. Browsers cannot set headers on a WebSocket. */
function parameter(params: Readonly<Record<string, unknown>> | undefined, header: string): string | undefined {
  const [, value] = Object.entries(params ?? {}).find(([name]) => name.toLowerCase() === header) ?? []
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Keeps only extensions meant for clients; Yoga stores the HTTP status there too. */
function coded(error: GraphQLError, fallback: string): GraphQLError {
  const { code = fallback, issues } = error.extensions
  return withExtensions(error, issues === undefined ? { code } : { code, issues })
}

/**
 * Ignores failed sends to a client that has gone: this is not a defect, and graphql-ws would write it to the console.
 * `close` follows.
 */
function forgiveLostSends(websocket: WebSocket): void {
  const send = websocket.send.bind(websocket)
  websocket.send = (data: string, done: unknown) => send(data, () => (done as () => void)())
}
