import type { IncomingMessage } from 'node:http'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { type ExecutionArgs, type ExecutionResult, GraphQLError, getOperationAST, type SubscriptionArgs } from 'graphql'
import {
  CloseCode,
  type ConnectionInitMessage,
  type Context as GraphqlContext,
  handleProtocols,
  MessageType,
  makeServer,
  type ServerOptions,
  type SubscribePayload,
  stringifyMessage,
} from 'graphql-ws'
import { isAsyncIterable } from 'graphql-yoga'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Principal } from '../../../access/principal.ts'
import type { AccountId } from '../../../kernel/ids.ts'
import { exactNumber } from '../../../kernel/json.ts'
import { clientTimezone } from '../../../kernel/timezone.ts'
import type { ApiDeps, ApiSockets } from '../../api.ts'
import { hasTooManyValues, tooManyValues } from '../../json-values.ts'
import { bodyCost } from '../../loop-costs.ts'
import { readForAccount } from '../../streaming/socket/acknowledged.ts'
import { keepAlive } from '../../streaming/socket/keep-alive.ts'
import { createPauses } from '../../streaming/socket/pauses.ts'
import { socketOptions } from '../../streaming/socket/socket-options.ts'
import { limitUntilAcknowledged } from '../../streaming/socket/unacknowledged.ts'
import type { GraphqlServer } from './graphql-server.ts'
import { createMaskError, withExtensions } from './mask-error.ts'
import { persistedQueryError, readMessage } from './request-params.ts'
import { createDirectEvents } from './socket/direct-events.ts'
import { createMessages, freePlace } from './socket/messages.ts'
import { sendShared } from './socket/send-shared.ts'
import { createSendTurns, inTurn, type SendTurns } from './socket/send-turns.ts'

export interface GraphqlSocketsOptions
  extends Pick<
    ApiDeps,
    'authenticator' | 'bodyRoom' | 'loopTurns' | 'requests' | 'reportDefect' | 'maxRequestBytes' | 'timings'
  > {
  readonly graphql: GraphqlServer
}

interface Connection extends Record<PropertyKey, unknown> {
  readonly socket: WebSocket
  readonly request: IncomingMessage
  readonly turns: SendTurns
  /** Lets the client send messages of any size that the server takes, at the cost of the account. */
  readonly acknowledge: (account: AccountId) => void
  /** Set once connection_init is accepted. */
  principal?: Principal
}

type WebsocketContext = GraphqlContext<ConnectionInitMessage['payload'], Connection>

interface Operation {
  readonly execute: (args: ExecutionArgs) => ReturnType<NonNullable<ServerOptions['execute']>>
  readonly subscribe: (args: SubscriptionArgs) => ReturnType<NonNullable<ServerOptions['subscribe']>>
}

/**
 * graphql-transport-ws on `/graphql`. The server awaits each send until the socket has accepted it, so it pulls a
 * subscription only as fast as its client reads. An operation that fails gets its own `error` or `next`, and the
 * connection stays open. The connection closes with 1009 for a message above `maxRequestBytes` or of more than `mostValues`
 * values, and for more than `unacknowledged.bytes` before it is acknowledged; with 4408 for a missing `connection_init`; and with 1001 when the
 * server stops; stock clients reconnect after 1001. A client that does not answer a close is cut.
 */
export function createGraphqlSockets(options: GraphqlSocketsOptions): ApiSockets {
  const { graphql, authenticator, bodyRoom, loopTurns, reportDefect, timings } = options
  const maskError = createMaskError(reportDefect)
  const inRequest = <Result>(request: IncomingMessage, work: () => Result): Result =>
    options.requests === undefined ? work() : options.requests.operation(request, work)
  const sockets = new WebSocketServer({ ...socketOptions(options), handleProtocols })

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
    extra.acknowledge(identity.principal.account)
    return true
  }
  const prepare = async ({ extra, connectionParams }: WebsocketContext, id: string, params: SubscribePayload) => {
    const persisted = persistedQueryError(params)
    if (persisted !== null) return [coded(persisted, 'BAD_USER_INPUT')]
    // A client can subscribe only on an acknowledged connection, so the principal is set.
    const principal = extra.principal as Principal
    const { socket: websocket, request } = extra
    let operation: ExecutionArgs | null = null
    const { schema, execute, subscribe, contextFactory, parse, validate } = graphql.getEnveloped({
      req: request,
      socket: websocket,
      params,
      timezone: clientTimezone(parameter(connectionParams, 'x-timezone')),
      principal,
      sendDirectly: createDirectEvents({ id, principal, websocket, tcp: request.socket }, () => operation),
    })
    const document = parse(params.query)
    if (getOperationAST(document, params.operationName) == null) {
      return [coded(new GraphQLError('Could not determine what operation to execute.'), 'BAD_USER_INPUT')]
    }
    const errors = validate(schema, document)
    if (errors.length > 0) return errors.map((error: GraphQLError) => coded(error, 'GRAPHQL_VALIDATION_FAILED'))
    operation = {
      schema,
      document,
      operationName: params.operationName ?? null,
      variableValues: params.variables ?? null,
      contextValue: await contextFactory(),
    }
    return {
      ...operation,
      rootValue: {
        async execute(args) {
          const result = await inRequest(extra.request, () => execute(args))
          await extra.turns.next()
          return result
        },
        async subscribe(args) {
          const result = await inRequest(extra.request, () => subscribe(args))
          if (!isAsyncIterable(result)) return result
          freePlace()
          return inTurn(result as AsyncIterable<ExecutionResult>, extra.turns)
        },
      } satisfies Operation,
    }
  }
  const protocol = makeServer<ConnectionInitMessage['payload'], Connection>({
    connectionInitWaitTimeout: timings.initTimeoutMs,
    jsonMessageReviver: messageReviver,
    onConnect: letIn,
    onSubscribe: (context, id, params) =>
      answering(
        prepare(context, id, params).catch((error: unknown) => [
          error instanceof GraphQLError ? coded(error, 'GRAPHQL_PARSE_FAILED') : maskError(error),
        ]),
      ),
    execute: async (args) => answering(masked(() => (args.rootValue as Operation).execute(args))),
    subscribe: async (args) => masked(() => (args.rootValue as Operation).subscribe(args)),
  })

  /** Joins the protocol to a connection. */
  function open(websocket: WebSocket, request: IncomingMessage): void {
    const tcp = request.socket
    const turns = createSendTurns(tcp)
    const pauses = createPauses(websocket)
    const endLimit = limitUntilAcknowledged(websocket, tcp)
    const acknowledge = (account: AccountId) => {
      endLimit()
      readForAccount({ websocket, tcp, account, pauses, bodyRoom, loopTurns })
    }
    const extra: Connection = { socket: websocket, request, turns, acknowledge }
    let handle: (message: string) => Promise<void> = async () => {}
    const messages = createMessages({
      handle: async (message) => {
        try {
          if (extra.principal !== undefined) await loopTurns.pass(extra.principal.account, bodyCost(message.length))
          if (hasTooManyValues(message)) websocket.close(1009, tooManyValues)
          else if (websocket.readyState === websocket.OPEN) await handle(message)
        } catch (error) {
          reportDefect(error)
          websocket.close(CloseCode.InternalServerError, 'Internal server error')
        }
      },
      pause: pauses.add,
    })
    // It closes with the right code for broken frames and oversized messages by itself.
    websocket.on('error', () => {})
    websocket.on('message', (data) => {
      if (websocket.readyState === websocket.OPEN) messages.take(String(data))
    })
    keepAlive(websocket, tcp, { intervalMs: timings.pingIntervalMs, isPaused: pauses.isPaused })
    // The client may leave before a send is done: this is no defect, and `close` follows.
    const send = (data: string) => {
      turns.sent(data.length)
      return new Promise<void>((resolve) => sendShared(websocket, data, resolve))
    }
    const closed = protocol.opened(
      {
        protocol: websocket.protocol,
        send,
        close: (code, reason) => websocket.close(code, reason),
        onMessage: (take) => {
          handle = take
        },
        // The payload of a ping is not sent back: whoever does not read would have it kept.
        onPing: () => send(pong),
      },
      extra,
    )
    websocket.once('close', (code, reason) => {
      messages.clear()
      void closed(code, String(reason))
    })
  }

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
      sockets.handleUpgrade(request, socket, head, open)
    },
    async close(graceMs) {
      const answered = (async () => {
        while (inFlight.size > 0) await Promise.all(inFlight)
      })()
      await within(graceMs, answered)
      for (const socket of sockets.clients) socket.close(1001, 'Going away')
      await within(graceMs, new Promise((resolve) => sockets.close(resolve)))
      for (const socket of sockets.clients) socket.terminate()
    },
  }
}

const pong = stringifyMessage({ type: MessageType.Pong })

/** The name of a whole message is empty, and so is that of a field that somebody has named so. */
function messageReviver(name: string, value: unknown, context?: { readonly source?: string }): unknown {
  return name === '' ? readMessage(exactNumber(name, value, context)) : exactNumber(name, value, context)
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
