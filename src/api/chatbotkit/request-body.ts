import type { MiddlewareHandler } from 'hono'
import { badInput, Failure } from '../../kernel/errors.ts'
import { parseJson } from '../../kernel/json.ts'
import { codingRefusal, unreadCoding } from '../body-coding.ts'
import { refusalOf } from './refusal.ts'

/**
 * Accepts JSON bodies up to the limit. Refuses other types, which Hono's validators would silently ignore. Hono's own
 * `bodyLimit` does not work here: it rebuilds the request with the global `Request`, which we leave alone, and the listener's
 * request object is not an instance of it.
 */
export function requestBody(maxBytes: number): MiddlewareHandler {
  const refuse = () => new Failure('PAYLOAD_TOO_LARGE', `The request's body is larger than ${maxBytes} bytes.`)

  return async ({ req, json }, next) => {
    const length = req.header('content-length')
    const isChunked = req.header('transfer-encoding') !== undefined
    if (!isChunked && (length === undefined || length === '0')) return next()
    const coding = unreadCoding(req.header('content-encoding'))
    if (coding !== null) {
      const { body } = refusalOf(new Failure('BAD_USER_INPUT', codingRefusal(coding)))
      return json(body, 415)
    }
    if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(req.header('content-type') ?? '')) {
      throw badInput([{ path: ['content-type'], message: 'takes application/json' }])
    }
    if (!isChunked) {
      // Node enforces that a body has its announced length.
      if (Number(length) > maxBytes) throw refuse()
      req.json = async () => parseJson(await req.text()) as never
      return next()
    }
    const chunks: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of arriving(req.raw.body)) {
      bytes += chunk.byteLength
      if (bytes > maxBytes) throw refuse()
      chunks.push(chunk)
    }
    // Hono caches a read body here, as a promise despite its type, and the validators read it from here.
    req.bodyCache.text = Promise.resolve(Buffer.concat(chunks).toString()) as never
    req.json = async () => parseJson(await req.text()) as never
    await next()
  }
}

/** The chunks of a body. A client that disconnects causes BAD_USER_INPUT, not a defect. */
async function* arriving(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array, void> {
  try {
    yield* body ?? []
  } catch (error) {
    throw new Failure('BAD_USER_INPUT', 'The body ended early.', { cause: error })
  }
}
