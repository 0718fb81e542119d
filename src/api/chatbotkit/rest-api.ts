import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { OpenAPIHono } from '@hono/zod-openapi'
import { Hono } from 'hono'
import { badInput, Failure } from '../../kernel/errors.ts'
import type { RestEnv } from './caller.ts'
import { addChannel } from './conversation/channel.ts'
import { addConversation } from './conversation/conversation.ts'
import { openApiDocument } from './openapi.ts'
import { createRefuse } from './refuse.ts'
import { requestBody } from './request-body.ts'
import { addResources } from './resource/resources.ts'
import type { RestOptions } from './rest-options.ts'

/** Answers any request whose path `isRestPath`. */
export type RestApi = (request: IncomingMessage, response: ServerResponse) => Promise<void>

export function isRestPath(path: string): boolean {
  return path === '/openapi.json' || /^\/(api\/)?v1\//.test(path)
}

/** The vendor's endpoints, under both of its prefixes, over the same use cases as GraphQL. */
export function createRestApi(options: RestOptions): RestApi {
  const { services, authenticate, whenExpired, takeStream, reportDefect, maxBodyBytes, heartbeatMs } = options
  const refuse = createRefuse(reportDefect)
  const api = new OpenAPIHono<RestEnv>({
    defaultHook: (result) => {
      if (result.success) return
      throw badInput(result.error.issues.map(({ path, message }) => ({ path: path.map(textOrNumber), message })))
    },
  })
  api.use(async (context, next) => {
    context.set('principal', await authenticate(context.req.header('authorization')))
    await next()
  })
  api.use(requestBody(maxBodyBytes))
  const endpoints = { api, services, whenExpired, takeStream, refuse, heartbeatMs }
  addConversation(endpoints)
  addChannel(endpoints)
  addResources(endpoints)

  const root = new Hono()
  const document = openApiDocument(api)
  root.get('/openapi.json', (context) => context.json(document))
  root.route('/v1', api)
  root.route('/api/v1', api)
  root.notFound(({ req }) => {
    throw new Failure('NOT_FOUND', `There is nothing at ${req.method} ${req.path}.`)
  })
  root.onError((error) => {
    const { status, body, headers } = refuse(error)
    return Response.json(body, { status, headers: { ...headers } })
  })
  return getRequestListener(root.fetch, { overrideGlobalObjects: false })
}

function textOrNumber(key: PropertyKey): string | number {
  return typeof key === 'symbol' ? String(key) : key
}
