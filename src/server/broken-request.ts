import type { Server } from 'node:http'
import type { Api } from '../api/api.ts'
import { Failure } from '../kernel/errors.ts'

interface BrokenRequest {
  readonly status: number
  readonly reason: string
  readonly failure: Failure
}

/** Answers to the error codes of Node's HTTP parser. Any other code is a 400. */
const known: Readonly<Record<string, BrokenRequest>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    reason: 'Request Header Fields Too Large',
    failure: new Failure('PAYLOAD_TOO_LARGE', 'The headers are larger than the server takes.'),
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: 413,
    reason: 'Payload Too Large',
    failure: new Failure('PAYLOAD_TOO_LARGE', 'The chunk extensions are larger than the server takes.'),
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    reason: 'Request Timeout',
    failure: new Failure('BAD_USER_INPUT', 'The request did not arrive in time.'),
  },
}
const unreadable: BrokenRequest = {
  status: 400,
  reason: 'Bad Request',
  failure: new Failure('BAD_USER_INPUT', 'This is no HTTP/1.1 request.'),
}

/**
 * Answers a request that Node cannot parse. The body combines the error forms of all APIs, because the request cannot
 * tell which API it is for.
 */
export function answerBrokenRequests(server: Server, apis: readonly Pick<Api, 'refusal'>[]): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // The client has gone, or the response has already started.
    if (error.code === 'ECONNRESET' || !socket.writable || hasBegun(socket)) return void socket.destroy()
    const { status, reason, failure } = known[error.code ?? ''] ?? unreadable
    const forms = apis.map((api) => api.refusal(failure, status).body)
    const body = JSON.stringify(Object.assign({}, ...forms.reverse()))
    socket.end(
      `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    )
  })
}

/** The same check as in Node's own handler. */
function hasBegun(socket: object): boolean {
  return (socket as { readonly _httpMessage?: { readonly headersSent: boolean } })._httpMessage?.headersSent === true
}
