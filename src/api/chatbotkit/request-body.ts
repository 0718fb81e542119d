import type { MiddlewareHandler } from 'hono'
import { badInput, Failure } from '../../kernel/errors.ts'

/**
 * Takes JSON up to the limit. A body of another type is refused, where the validators would leave it out without a word.
 * Not Hono's own limit: that makes requests anew from the listener's, which are none as long as globals stay as they are.
 */
export function requestBody(maxBytes: number): MiddlewareHandler {
  const refuse = () => new Failure('PAYLOAD_TOO_LARGE', `The request's body is larger than ${maxBytes} bytes.`)

  return async ({ req }, next) => {
    const length = req.header('content-length')
    const isChunked = req.header('transfer-encoding') !== undefined
    if (!isChunked && (length === undefined || length === '0')) return next()
    if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(req.header('content-type') ?? '')) {
      throw badInput([{ path: ['content-type'], message: 'takes application/json' }])
    }
    if (!isChunked) {
      // Node holds a body to the length that it announces.
      if (Number(length) > maxBytes) throw refuse()
      return next()
    }
    const chunks: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of arriving(req.raw.body)) {
      bytes += chunk.byteLength
      if (bytes > maxBytes) throw refuse()
      chunks.push(chunk)
    }
    // Where Hono keeps a body that has been read, as a promise, whatever its type says; the validators read it there.
    req.bodyCache.text = Promise.resolve(Buffer.concat(chunks).toString()) as never
    await next()
  }
}

/** The chunks of a body; a client that breaks off is no defect of ours. */
async function* arriving(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array, void> {
  try {
    yield* body ?? []
  } catch (error) {
    throw new Failure('BAD_USER_INPUT', 'The body ended early.', { cause: error })
  }
}
