import type { IncomingMessage } from 'node:http'
import { requestPath } from '../../kernel/request-path.ts'
import type { Api, ApiDeps } from '../api.ts'
import { toGraphQLError } from './failure.ts'
import { operationNames } from './operation-names.ts'
import { createGraphqlServer } from './transport/graphql-server.ts'
import { createGraphqlSockets } from './transport/websocket.ts'

/** The last two are the paths that ChatBotKit uses. */
export const graphqlPaths: readonly string[] = ['/graphql', '/v1/graphql', '/api/v1/graphql']

/** The GraphQL API over HTTP, event streams and WebSockets. */
export function createGraphqlApi(deps: ApiDeps): Api {
  const { yoga, plainPosts } = createGraphqlServer(deps)
  return {
    owns: (path) => graphqlPaths.includes(path),
    async handle(request, response) {
      // Yoga is configured with this path only.
      request.url = `/graphql${request.url?.slice(requestPath(request).length) ?? ''}`
      for (const name of ['content-type', 'accept']) lowerTypes(request, name)
      if (!(await plainPosts(request, response))) await yoga(request, response)
    },
    refusal(failure, status) {
      const { retryAfterSeconds } = failure
      const { message, extensions } = toGraphQLError(failure)
      return {
        status,
        headers: retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) },
        body: { errors: [{ message, extensions }] },
      }
    },
    operations: operationNames,
    sockets: createGraphqlSockets({ ...deps, graphql: yoga }),
  }
}

/** Writes the media types of a header in lower case, as Yoga expects them; their parameters stay. */
function lowerTypes({ headers }: IncomingMessage, name: string): void {
  const value = headers[name]
  if (typeof value !== 'string') return
  headers[name] = value.replace(/(^|,)([^;,]+)/g, (part) => part.toLowerCase()).replace(/\s+;/g, ';')
}
