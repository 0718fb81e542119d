import type { MiddlewareHandler } from 'hono'
import { badInput, Failure } from '../../kernel/errors.ts'
import { parseJson } from '../../kernel/json.ts'
import { readBody } from '../read-body.ts'
import type { RestEnv } from './caller.ts'
import { refusalOf } from './refusal.ts'

/** Accepts JSON bodies up to the limit. Refuses other types, which Hono's validators would silently ignore. */
export function requestBody(maxBytes: number): MiddlewareHandler<RestEnv> {
  return async ({ req, env, json }, next) => {
    const length = req.header('content-length')
    const isChunked = req.header('transfer-encoding') !== undefined
    if (!isChunked && (length === undefined || length === '0')) return next()
    if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(req.header('content-type') ?? '')) {
      throw badInput([{ path: ['content-type'], message: 'takes application/json' }])
    }
    const body = await readBody(env.incoming, maxBytes)
    if (!Buffer.isBuffer(body)) {
      return json(refusalOf(new Failure(body.code, body.message), body.status).body, body.status)
    }
    // Hono caches a read body here, as a promise despite its type, and the validators read it from here.
    req.bodyCache.text = Promise.resolve(body.toString()) as never
    req.json = async () => parseJson(await req.text()) as never
    return next()
  }
}
