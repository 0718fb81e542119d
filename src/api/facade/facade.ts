import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { Failure } from '../../kernel/errors.ts'
import type { AccountId } from '../../kernel/ids.ts'
import type { Api, ApiDeps, ApiRefusal, ApiSockets } from '../api.ts'
import { createMaskError, type MaskError, type RefusalOf } from './mask-error.ts'
import { countOperations, operationsOf } from './operation-counts.ts'
import { type CallerEnv, requestBody } from './request-body.ts'

/** What a facade's endpoints work with. */
export interface Facade extends Pick<ApiDeps, 'services'> {
  /** Endpoints with their whole paths. Each request that reaches them has a principal, its turn, and a body that is read. */
  readonly routes: Hono<CallerEnv>
  readonly whenExpired: ApiDeps['authenticator']['whenExpired']
  /** Counts one more open stream of the account; the returned function releases it. Throws LIMIT_EXCEEDED. */
  readonly takeStream: (account: AccountId, connection?: object) => () => void
  /** The account's turn of the event loop, for a further part of an answer. Undefined: at once. */
  readonly turn: (account: AccountId) => Promise<void> | undefined
  readonly maskError: MaskError<ApiRefusal>
  readonly heartbeatMs: number
}

export interface FacadeOptions {
  readonly owns: (path: string) => boolean
  /** The form of an error. Its headers come in addition to those of every facade. */
  readonly refusalOf: RefusalOf<ApiRefusal>
  readonly addRoutes: (facade: Facade) => void
  readonly sockets?: FacadeSockets
}

export interface FacadeSockets {
  readonly open: (facade: Facade) => ApiSockets
  /** The names under which their operations are counted. */
  readonly operations: readonly string[]
}

/** An API that tells our log in another's words. No state of its own, so any process answers any request. */
export function createFacade(deps: ApiDeps, options: FacadeOptions): Api {
  const { services, authenticator, subscriptionLimits, timings } = deps
  const refusalOf: RefusalOf<ApiRefusal> = (failure, status) => {
    const refusal = options.refusalOf(failure, status)
    return { ...refusal, headers: { ...standardHeaders(failure), ...refusal.headers } }
  }
  const maskError = createMaskError(deps.reportDefect, refusalOf)
  const routes = new Hono<CallerEnv>()
  if (deps.requests !== undefined) routes.use(countOperations(deps.requests.answered))
  routes.use(async (context, next) => {
    await next()
    // Hono answers HEAD as GET and drops the body, whose stream would go on for ever.
    if (context.req.method === 'HEAD') await context.res.body?.cancel()
  })
  routes.use(async (context, next) => {
    context.set('principal', await authenticator.authenticate(context.req.header('authorization')))
    await next()
  })
  routes.use(requestBody({ ...deps, answerOf: (failure, status) => answerOf(refusalOf(failure, status)) }))
  routes.use(({ env, var: { principal } }, next) => deps.inTurn(principal.account, env.incoming.socket, next))
  routes.notFound(({ req }) => {
    throw new Failure('NOT_FOUND', `There is nothing at ${req.method} ${req.path}.`)
  })
  routes.onError((error) => answerOf(maskError(error)))
  const facade: Facade = {
    services,
    routes,
    whenExpired: authenticator.whenExpired,
    // By default a new object each time: an HTTP connection carries one stream at once, so only the account's limit counts.
    takeStream: (account, connection = {}) => subscriptionLimits.take(account, connection),
    turn: (account) => deps.loopTurns.pass(account),
    maskError,
    heartbeatMs: timings.heartbeatMs,
  }
  options.addRoutes(facade)
  return {
    owns: options.owns,
    handle: getRequestListener(routes.fetch, { overrideGlobalObjects: false }),
    refusal: refusalOf,
    operations: [...operationsOf(routes), ...(options.sockets?.operations ?? [])],
    sockets: options.sockets?.open(facade) ?? null,
  }
}

function answerOf({ status, body, text, headers }: ApiRefusal): Response {
  if (text === undefined) return Response.json(body, { status, headers: { ...headers } })
  return new Response(text, { status, headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' } })
}

function standardHeaders({ code, retryAfterSeconds }: Failure): Readonly<Record<string, string>> {
  return {
    ...(retryAfterSeconds !== null && { 'retry-after': String(retryAfterSeconds) }),
    ...(code === 'UNAUTHENTICATED' && { 'www-authenticate': 'Bearer' }),
  }
}
