import type { Server } from 'node:http'
import { type ExecutionArgs, GraphQLError, type SubscriptionArgs } from 'graphql'
import type { ServerOptions } from 'graphql-ws'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import type { GraphqlServer } from './graphql.ts'

export interface WebsocketOptions {
  readonly graphql: GraphqlServer
  /** Larger messages close the connection with 1009. */
  readonly maxPayloadBytes: number
  /** How long a client may take to say `connection_init`; then 4408. */
  readonly initTimeoutMs: number
  readonly pingIntervalMs: number
}

interface Operation {
  readonly execute: (args: ExecutionArgs) => ReturnType<NonNullable<ServerOptions['execute']>>
  readonly subscribe: (args: SubscriptionArgs) => ReturnType<NonNullable<ServerOptions['subscribe']>>
}

/**
 * graphql-transport-ws on the server's `/graphql`. A send is awaited until the socket has taken it, so a subscription
 * is pulled only as fast as its client reads. Closing ends all connections with 1001: stock clients reconnect.
 */
export function attachWebsocket(server: Server, options: WebsocketOptions): { close(): Promise<void> } {
  const { graphql, maxPayloadBytes, initTimeoutMs, pingIntervalMs } = options
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxPayloadBytes })
  server.on('upgrade', (request, socket, head) => {
    // A connection that breaks before it is upgraded has no one else to listen to its errors.
    socket.on('error', () => socket.destroy())
    if (new URL(request.url ?? '/', 'http://localhost').pathname !== '/graphql') {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (websocket) => {
      // Broken frames and oversized messages: `ws` has closed the connection with the right code.
      websocket.on('error', () => {})
      sockets.emit('connection', websocket, request)
    })
  })
  const disposable = useServer(
    {
      connectionInitWaitTimeout: initTimeoutMs,
      execute: (args) => (args.rootValue as Operation).execute(args),
      subscribe: (args) => (args.rootValue as Operation).subscribe(args),
      onSubscribe: async (context, _id, params) => {
        const { schema, execute, subscribe, contextFactory, parse, validate } = graphql.getEnveloped({
          ...context,
          req: context.extra.request,
          socket: context.extra.socket,
          params,
        })
        try {
          const document = parse(params.query)
          const errors = validate(schema, document)
          if (errors.length > 0) return errors.map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED'))
          return {
            schema,
            document,
            operationName: params.operationName ?? null,
            variableValues: params.variables ?? null,
            contextValue: await contextFactory(),
            rootValue: { execute, subscribe } satisfies Operation,
          }
        } catch (error) {
          if (error instanceof GraphQLError) return [coded(error, 'GRAPHQL_PARSE_FAILED')]
          throw error
        }
      },
    },
    sockets,
    pingIntervalMs,
  )
  return { close: async () => void (await disposable.dispose()) }
}

function coded(error: GraphQLError, code: string): GraphQLError {
  if (error.extensions['code'] !== undefined) return error
  return new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    extensions: { ...error.extensions, code },
  })
}
