import type { HttpBindings } from '@hono/node-server'
import type { MiddlewareHandler } from 'hono'
import type { Principal } from '../../access/principal.ts'
import { badInput, Failure } from '../../kernel/errors.ts'
import { parseJson } from '../../kernel/json.ts'
import type { ApiDeps } from '../api.ts'
import { bodyCost } from '../loop-costs.ts'
import { readable, readBody } from '../read-body.ts'
import type { RefusalOf } from './mask-error.ts'

/** What Hono's context holds after authentication: `Bindings` is Node's own request. */
export interface CallerEnv {
  readonly Bindings: HttpBindings
  readonly Variables: { readonly principal: Principal }
}

type RequestBodyOptions = Pick<ApiDeps, 'maxRequestBytes' | 'bodyRoom' | 'loopTurns'> & {
  readonly answerOf: RefusalOf<Response>
}

/** Accepts JSON bodies up to the limit. Refuses other types, which Hono's validators would silently ignore. */
export function requestBody(options: RequestBodyOptions): MiddlewareHandler<CallerEnv> {
  const { maxRequestBytes, bodyRoom, loopTurns, answerOf } = options
  return async (context, next) => {
    const {
      req,
      env,
      var: { principal },
    } = context
    const length = req.header('content-length')
    const isChunked = req.header('transfer-encoding') !== undefined
    if (!isChunked && (length === undefined || length === '0')) return next()
    if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(req.header('content-type') ?? '')) {
      throw badInput([{ path: ['content-type'], message: 'takes application/json' }])
    }
    const keep = await bodyRoom.enter(env.incoming, env.outgoing, principal.account)
    const read = await readBody(env.incoming, maxRequestBytes)
    const bytes = Buffer.isBuffer(read) ? read.byteLength : 0
    keep(bytes)
    await loopTurns.pass(principal.account, bodyCost(bytes))
    const body = readable(read)
    if (!Buffer.isBuffer(body)) {
      const failure = new Failure(body.code, body.message)
      // It is not thrown, because its status may be another one than its code's; it counts as a refusal all the same.
      context.error = failure
      return answerOf(failure, body.status)
    }
    // Hono caches a read body here, as a promise despite its type, and the validators read it from here.
    req.bodyCache.text = Promise.resolve(body.toString()) as never
    req.json = async () => parseJson(await req.text()) as never
    return next()
  }
}
