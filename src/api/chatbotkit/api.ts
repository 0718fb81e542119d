import { getRequestListener } from '@hono/node-server'
import { OpenAPIHono } from '@hono/zod-openapi'
import { Hono } from 'hono'
import { badInput, Failure } from '../../kernel/errors.ts'
import { withRawNumbers } from '../../kernel/json.ts'
import type { Api, ApiDeps } from '../api.ts'
import { createMaskError } from '../facade/mask-error.ts'
import { countOperations, operationsOf } from '../facade/operation-counts.ts'
import { requestBody } from '../facade/request-body.ts'
import type { RestEnv } from './caller.ts'
import { addChannel } from './conversation/channel.ts'
import { addConversation } from './conversation/conversation.ts'
import type { Endpoints } from './endpoints.ts'
import { openApiDocument } from './openapi.ts'
import { refusalOf } from './refusal.ts'
import { addResources } from './resource/resources.ts'

/** The vendor's endpoints under both of its prefixes. They call the same use cases as GraphQL. */
export function createChatbotkitApi(deps: ApiDeps): Api {
  const { services, authenticator, subscriptionLimits, timings } = deps
  const maskError = createMaskError(deps.reportDefect, refusalOf)
  const api = new OpenAPIHono<RestEnv>({
    defaultHook: (result) => {
      if (result.success) return
      throw badInput(result.error.issues.map(({ path, message }) => ({ path: path.map(textOrNumber), message })))
    },
  })
  api.use(async (context, next) => {
    context.set('principal', await authenticator.authenticate(context.req.header('authorization')))
    await next()
  })
  const answerOf = (failure: Failure, status: number) => {
    const { body, headers } = refusalOf(failure, status)
    return Response.json(body, { status, headers: { ...headers } })
  }
  api.use(requestBody({ ...deps, answerOf }))
  api.use(({ env, var: { principal } }, next) => deps.inTurn(principal.account, env.incoming.socket, next))
  api.use(async (context, next) => {
    const write = context.json
    // Hono writes JSON itself, and knows no numbers with more digits than a number of JavaScript's has.
    context.json = ((body: unknown, ...rest: []) => write(withRawNumbers(body) as never, ...rest)) as typeof write
    await next()
  })
  const endpoints = {
    api,
    services,
    maskError,
    whenExpired: authenticator.whenExpired,
    // A new object each time: an HTTP connection carries one stream at once, so only the account's limit counts.
    takeStream: (account) => subscriptionLimits.take(account, {}),
    turn: deps.loopTurns.pass,
    heartbeatMs: timings.heartbeatMs,
  } satisfies Endpoints
  addConversation(endpoints)
  addChannel(endpoints)
  addResources(endpoints)

  const root = new Hono()
  if (deps.requests !== undefined) root.use(countOperations(deps.requests.answered))
  root.use(async (context, next) => {
    await next()
    // Hono answers HEAD as GET and drops the body, whose stream would go on for ever.
    if (context.req.method === 'HEAD') await context.res.body?.cancel()
  })
  const document = openApiDocument(api)
  root.get('/openapi.json', (context) => context.json(document))
  root.route('/v1', api)
  root.route('/api/v1', api)
  root.notFound(({ req }) => {
    throw new Failure('NOT_FOUND', `There is nothing at ${req.method} ${req.path}.`)
  })
  root.onError((error) => {
    const { status, body, headers } = maskError(error)
    return Response.json(body, { status, headers: { ...headers } })
  })
  return {
    owns: (path) => path === '/openapi.json' || /^\/(api\/)?v1\//.test(path),
    handle: getRequestListener(root.fetch, { overrideGlobalObjects: false }),
    refusal: (failure, status) => ({ ...refusalOf(failure, status), status }),
    operations: operationsOf(root),
    sockets: null,
  }
}

function textOrNumber(key: PropertyKey): string | number {
  return typeof key === 'symbol' ? String(key) : key
}
