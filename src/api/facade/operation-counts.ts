import type { Hono, MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { matchedRoutes } from 'hono/route'
import { Failure, type FailureCode } from '../../kernel/errors.ts'
import type { RequestObserver } from '../streaming/request-observer.ts'

interface Route {
  readonly method: string
  readonly path: string
}

/** What a request is counted as: its method and the path of its endpoint, such as `GET /v1/bot/:id/fetch`, without patterns of parameters. Middlewares have none. */
function nameOf({ method, path }: Route): string | null {
  return method === 'ALL' ? null : `${method} ${path.replace(/^\/api(?=\/)|\{.*?\}/g, '')}`
}

/** The names of all endpoints, each once. */
export function operationsOf({ routes }: Pick<Hono, 'routes'>): readonly string[] {
  return [...new Set(routes.flatMap((route) => nameOf(route) ?? []))]
}

/** Tells of each request when its answer begins. A path without an endpoint counts as `other`. */
export function countOperations(answered: RequestObserver['answered']): MiddlewareHandler {
  return async (context, next) => {
    await next()
    const names = matchedRoutes(context).flatMap((route) => nameOf(route) ?? [])
    answered(names.at(-1) ?? 'other', codeOf(context.error))
  }
}

function codeOf(error: unknown): FailureCode | null {
  if (error === undefined) return null
  if (error instanceof Failure) return error.code
  return error instanceof HTTPException && error.status < 500 ? 'BAD_USER_INPUT' : 'INTERNAL'
}
