import type { Server } from 'node:http'

/** What Node calls a request that it cannot read; anything else is a 400. */
const known: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: {
    line: '431 Request Header Fields Too Large',
    message: 'The headers are larger than the server takes.',
    code: 'PAYLOAD_TOO_LARGE',
    restCode: 'CONTENT_TOO_LARGE',
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    line: '413 Payload Too Large',
    message: 'The chunk extensions are larger than the server takes.',
    code: 'PAYLOAD_TOO_LARGE',
    restCode: 'CONTENT_TOO_LARGE',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    line: '408 Request Timeout',
    message: 'The request did not arrive in time.',
    code: 'BAD_USER_INPUT',
    restCode: 'TIMEOUT',
  },
}
const unreadable: Refusal = {
  line: '400 Bad Request',
  message: 'This is no HTTP/1.1 request.',
  code: 'BAD_USER_INPUT',
  restCode: 'BAD_REQUEST',
}

interface Refusal {
  readonly line: string
  readonly message: string
  readonly code: string
  readonly restCode: string
}

/** Answers what Node cannot read with a code, in the form of both APIs: which was meant is not known. */
export function answerBrokenRequests(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // A client that has gone, or an answer that has begun already.
    if (error.code === 'ECONNRESET' || !socket.writable || hasBegun(socket)) return void socket.destroy()
    const { line, message, code, restCode } = known[error.code ?? ''] ?? unreadable
    const body = JSON.stringify({ message, code: restCode, errors: [{ message, extensions: { code } }] })
    socket.end(
      `HTTP/1.1 ${line}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    )
  })
}

/** As Node's own handler asks it. */
function hasBegun(socket: object): boolean {
  return (socket as { readonly _httpMessage?: { readonly headersSent: boolean } })._httpMessage?.headersSent === true
}
