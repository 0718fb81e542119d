import { type OpenAPIHono, z } from '@hono/zod-openapi'
import type { RestEnv } from './caller.ts'
import { answers, jsonBody } from './responses.ts'

const graphqlResult = z
  .object({
    data: z.unknown().optional(),
    errors: z
      .array(
        z.object({
          message: z.string(),
          locations: z.array(z.object({ line: z.number(), column: z.number() })).optional(),
          path: z.array(z.union([z.string(), z.number()])).optional(),
          extensions: z.looseObject({
            code: z.string().openapi({ description: 'Stable; listed in docs/reference/errors.md.' }),
            retryAfterSeconds: z.number().optional(),
          }),
        }),
      )
      .optional(),
  })
  .openapi('GraphqlResult')

/** In one form, whatever the status. As `application/json` that is 200 unless the request is no request of GraphQL. */
const graphqlAnswers = Object.fromEntries(
  Object.entries(answers('What GraphQL answers, errors included.', graphqlResult)).map(([status, { description }]) => {
    const content = { schema: graphqlResult }
    return [
      status,
      { description, content: { 'application/json': content, 'application/graphql-response+json': content } },
    ]
  }),
)

/** The server answers it before requests come here. */
const graphqlRoute = {
  method: 'post',
  path: '/graphql',
  operationId: 'graphql',
  summary: 'The GraphQL API: its own document is its schema',
  request: jsonBody(
    z.object({
      query: z.string(),
      variables: z.record(z.string(), z.unknown()).nullish(),
      operationName: z.string().nullish(),
    }),
  ),
  responses: graphqlAnswers,
} as const

/** The endpoints by the schemas that validate them. */
export function openApiDocument(api: OpenAPIHono<RestEnv>) {
  api.openAPIRegistry.registerPath(graphqlRoute)
  const document = api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Backchannel',
      version: '1.0.0',
      description:
        'Runs long conversations in the background; compatible with the API of ChatBotKit, as far as it goes.',
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    servers: [{ url: '/v1' }, { url: '/api/v1' }],
    security: [{ bearer: [] }],
  })
  return {
    ...document,
    components: {
      ...document.components,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key, or a channel token. Not needed on a server without keys.',
        },
      },
    },
  }
}
