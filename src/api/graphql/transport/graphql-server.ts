import type { IncomingMessage, ServerResponse } from 'node:http'
import { GraphQLError, NoSchemaIntrospectionCustomRule } from 'graphql'
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga'
import type { Principal } from '../../../access/principal.ts'
import { clientTimezone } from '../../../kernel/timezone.ts'
import type { ApiDeps } from '../../api.ts'
import type { Context } from '../context.ts'
import { createReads, readThrough } from '../reads.ts'
import { schema } from '../schema.ts'
import { createDocumentCache } from './document-cache.ts'
import { createGraphqlAuthentication } from './graphql-authentication.ts'
import { useHttpStatus } from './http-status.ts'
import { createMaskError, withExtensions } from './mask-error.ts'
import { createPlainPosts, type PlainPosts } from './plain-posts.ts'
import { queryLimits } from './query-limits.ts'
import { createRequestBodies, useRequestBody } from './request-body.ts'
import type { SendDirectly } from './socket/direct-events.ts'
import { useBudgets } from './use-budgets.ts'
import { useGraphqlExecute } from './use-graphql-execute.ts'
import { useOperationCounts } from './use-operation-counts.ts'
import { useRequestChecks } from './use-request-checks.ts'
import { useStreaming } from './use-streaming.ts'
import { useSubscriptionLimits } from './use-subscription-limits.ts'
import { useTurns } from './use-turns.ts'

export type GraphqlOptions = Pick<
  ApiDeps,
  | 'services'
  | 'authenticator'
  | 'reportDefect'
  | 'maxRequestBytes'
  | 'subscriptionLimits'
  | 'inTurn'
  | 'bodyRoom'
  | 'loopTurns'
  | 'introspection'
  | 'requests'
  | 'timings'
>

interface NodeContext {
  readonly req: IncomingMessage
  readonly res?: ServerResponse
  /** Set for a WebSocket: the principal that its connection was admitted with. */
  readonly principal?: Principal
  /** Set for a WebSocket: the time zone in its connection_init. */
  readonly timezone?: string | null
  /** Set for a WebSocket. */
  readonly sendDirectly?: SendDirectly
}

export type GraphqlServer = YogaServerInstance<NodeContext, Context>

interface GraphqlTransports {
  /** Answers every request over HTTP and SSE. WebSockets use its enveloped functions, so all transports behave the same. */
  readonly yoga: GraphqlServer
  /** Answers most requests sooner. */
  readonly plainPosts: PlainPosts
}

export function createGraphqlServer(options: GraphqlOptions): GraphqlTransports {
  const {
    services,
    authenticator,
    reportDefect,
    maxRequestBytes,
    bodyRoom,
    loopTurns,
    subscriptionLimits,
    introspection,
    timings,
  } = options
  const authentication = createGraphqlAuthentication(authenticator)
  const accountOf = (request: IncomingMessage) => authentication.principalOf(request).account
  const bodies = createRequestBodies({ maxRequestBytes, bodyRoom, loopTurns, accountOf })
  const maskError = createMaskError(reportDefect)
  const yoga = createYoga<NodeContext, Context>({
    schema,
    graphqlEndpoint: '/graphql',
    // We serve our own GraphiQL, which works offline.
    graphiql: false,
    landingPage: false,
    logging: false,
    multipart: false,
    // cors.ts handles all paths. Yoga's CORS would let any page read answers, with credentials.
    cors: false,
    // Our own limit counts while reading from the socket; Yoga's would pipe every body through two more streams.
    maxRequestBodySize: false,
    parserAndValidationCache: { documentCache: createDocumentCache(), errorCache: createDocumentCache() },
    context: ({ req, timezone, principal }) => {
      const reads = createReads()
      return {
        services: readThrough(services, reads),
        reads,
        loopTurns,
        principal: principal ?? authentication.principalOf(req),
        timezone: timezone ?? timezoneHeader(req.headers),
      }
    },
    maskedErrors: { maskError },
    plugins: [
      ...(options.requests === undefined ? [] : [useOperationCounts(options.requests.answered)]),
      useGraphqlExecute(),
      authentication.plugin,
      useRequestBody(bodies),
      useTokenLimit(),
      ...(introspection ? [] : [useNoIntrospection()]),
      useRequestChecks(),
      useBudgets(),
      useSubscriptionLimits(subscriptionLimits),
      useTurns(options.inTurn),
      useStreaming(timings.heartbeatMs),
      useHttpStatus(),
    ],
  })
  return { yoga, plainPosts: createPlainPosts({ graphql: yoga, authentication, bodies, maskError }) }
}

/** Turns introspection off, except `__typename`. */
function useNoIntrospection(): Plugin {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(NoSchemaIntrospectionCustomRule)
    },
  }
}

function timezoneHeader(headers: IncomingMessage['headers']): string | null {
  const value = headers['x-timezone']
  return typeof value === 'string' ? clientTimezone(value) : null
}

/** Refuses a document with too many tokens while it is parsed, and one that is nested too deep for the parser. */
function useTokenLimit(): Plugin {
  return {
    onParse({ params, parseFn, setParseFn }) {
      setParseFn((source) => {
        try {
          return parseFn(source, { ...params.options, maxTokens: queryLimits.tokens })
        } catch (error) {
          // The parser is recursive; 5000 tokens can exhaust the stack.
          throw unreadable(
            error instanceof RangeError
              ? new GraphQLError('Syntax Error: The document is nested too deeply.')
              : (error as GraphQLError),
          )
        }
      })
    },
  }
}

/** Yoga keeps the error for the next request, which may come on another transport: it has its code and status from the start. */
function unreadable(error: GraphQLError): GraphQLError {
  return withExtensions(error, { code: 'GRAPHQL_PARSE_FAILED', http: { spec: true, status: 400 } })
}
