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
            code: z.string().openapi({ description: 'A stable code; docs/reference/errors.md lists all codes.' }),
            retryAfterSeconds: z.number().optional(),
          }),
        }),
      )
      .optional(),
  })
  .openapi('GraphqlResult')

/** All statuses share one form. As `application/json` the status is 200 unless the request is not a GraphQL request. */
const graphqlAnswers = Object.fromEntries(
  Object.entries(answers('The GraphQL result, including errors.', graphqlResult)).map(([status, { description }]) => {
    const content = { schema: graphqlResult }
    return [
      status,
      { description, content: { 'application/json': content, 'application/graphql-response+json': content } },
    ]
  }),
)

/** Only for the document: the server answers `/graphql` before requests reach this API. */
const graphqlRoute = {
  method: 'post',
  path: '/graphql',
  operationId: 'graphql',
  summary: 'The GraphQL API. Its schema documents it',
  request: jsonBody(
    z.object({
      query: z.string(),
      variables: z.record(z.string(), z.unknown()).nullish(),
      operationName: z.string().nullish(),
    }),
  ),
  responses: graphqlAnswers,
} as const

/** The OpenAPI document, built from the schemas that validate requests. */
export function openApiDocument(api: OpenAPIHono<RestEnv>) {
  api.openAPIRegistry.registerPath(graphqlRoute)
  const document = api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Backchannel',
      version: '1.0.0',
      description:
        'Runs long conversations in the background. Compatible with the parts of the ChatBotKit API that it offers.',
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
          description: 'An API key, or a token of a channel or a conversation. Not needed on a server without keys.',
        },
      },
    },
  }
}
