import { type TextStreamOptions, textStream } from './text-stream.ts'

export interface StreamedOptions extends TextStreamOptions {
  readonly contentType: string
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** The class of the framework that carries the answer, where only its own is told of every client that leaves (see findings). */
  readonly responseClass?: typeof Response
}

/** Proxies pass each write on at once, and change nothing. */
const unbuffered = { 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' } as const
/**
 * Also for proxies that speak HTTP/1.0: behind those the end of the connection would be the end of the answer, and a process that
 * is killed in mid-answer would look like one that has finished.
 */
const explicitChunks = { 'transfer-encoding': 'chunked' } as const

/**
 * The streamed answer of every API: one chunk per text, read only as fast as the client reads, with a heartbeat in each
 * silence.
 */
export function streamedResponse(texts: AsyncIterator<string>, options: StreamedOptions): Response {
  const { contentType, status = 200, headers, responseClass = Response, ...stream } = options
  return new responseClass(textStream(texts, stream), {
    status,
    headers: { ...headers, 'content-type': contentType, ...unbuffered, ...explicitChunks },
  })
}
