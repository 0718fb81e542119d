import type { IncomingMessage } from 'node:http'
import type { RequestObserver } from '../api/streaming/request-observer.ts'
import type { Tell } from '../kernel/news.ts'
import type { Logger } from './logger.ts'
import { inRequest, type RequestScope, readRequestId } from './request-scope.ts'
import type { Tracing } from './tracing.ts'

export interface RequestObserverDeps {
  readonly logger: Logger
  readonly tell: Tell
  readonly tracing: Tracing
  readonly now: () => number
  readonly requestId: () => string
}

/** Machines request these every few seconds: no span, no line. */
const quiet = /^\/(health|ready)$/

export function createRequestObserver({ logger, tell, tracing, now, requestId }: RequestObserverDeps): RequestObserver {
  const scopes = new WeakMap<IncomingMessage, RequestScope>()
  const scopeOf = (request: IncomingMessage): RequestScope => {
    const scope = scopes.get(request) ?? { requestId: readRequestId(request.headers['x-request-id']) ?? requestId() }
    scopes.set(request, scope)
    return scope
  }

  return {
    http(request, response, work) {
      const scope = scopeOf(request)
      response.setHeader('x-request-id', scope.requestId)
      // Without the query, which holds the variables of a GET.
      const path = (request.url ?? '').split('?', 1)[0] ?? ''
      return inRequest(scope, () => {
        if (quiet.test(path)) return work()
        const startedAt = now()
        const method = request.method ?? ''
        const attributes = { 'http.request.method': method, 'url.path': path }
        const header = request.headers['traceparent']
        const parent = typeof header === 'string' ? header : null
        return tracing.inSpan({ name: `${method} ${path}`, kind: 'server', attributes, parent }, async (span) => {
          response.once('close', () => {
            tell({ type: 'requested', status: response.statusCode })
            const durationMs = Math.round(now() - startedAt)
            logger.debug({ ...scope, method, path, status: response.statusCode, durationMs }, 'request')
          })
          await work()
          span.set({ 'http.response.status_code': response.statusCode })
        })
      })
    },
    operation: (upgrade, work) => {
      tell({ type: 'requested', status: 101 })
      return inRequest(scopeOf(upgrade), work)
    },
    answered: (operation, code) => tell({ type: 'operated', operation, code }),
  }
}
