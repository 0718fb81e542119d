import type { MiddlewareHandler } from 'hono'
import { badInput, Failure } from '../../kernel/errors.ts'
import { parseJson } from '../../kernel/json.ts'
import type { ApiDeps } from '../api.ts'
import { bodyCost } from '../loop-costs.ts'
import { readBody } from '../read-body.ts'
import type { RestEnv } from './caller.ts'
import { refusalOf } from './refusal.ts'

type RequestBodyOptions = Pick<ApiDeps, 'maxRequestBytes' | 'bodyRoom' | 'loopTurns'>

/** Accepts JSON bodies up to the limit. Refuses other types, which Hono's validators would silently ignore. */
export function requestBody({ maxRequestBytes, bodyRoom, loopTurns }: RequestBodyOptions): MiddlewareHandler<RestEnv> {
  return async ({ req, env, json, var: { principal } }, next) => {
    const length = req.header('content-length')
    const isChunked = req.header('transfer-encoding') !== undefined
    if (!isChunked && (length === undefined || length === '0')) return next()
    if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(req.header('content-type') ?? '')) {
      throw badInput([{ path: ['content-type'], message: 'takes application/json' }])
    }
    const keep = await bodyRoom.enter(env.incoming, env.outgoing, principal.account)
    const body = await readBody(env.incoming, maxRequestBytes)
    if (!Buffer.isBuffer(body)) {
      return json(refusalOf(new Failure(body.code, body.message), body.status).body, body.status)
    }
    keep(body.byteLength)
    await loopTurns.pass(principal.account, bodyCost(body.byteLength))
    // Hono caches a read body here, as a promise despite its type, and the validators read it from here.
    req.bodyCache.text = Promise.resolve(body.toString()) as never
    req.json = async () => parseJson(await req.text()) as never
    return next()
  }
}
