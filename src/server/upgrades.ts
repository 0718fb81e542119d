import type { IncomingMessage, Server } from 'node:http'
import type { Api, ApiSockets } from '../api/api.ts'
import { requestPath } from '../kernel/request-path.ts'
import { type Gate, responseHead } from './gate.ts'

/**
 * Whether a request offers to become a WebSocket. Any other offer, such as `h2c` of HTTP clients that prefer HTTP/2, is not
 * taken: the request is answered as the HTTP/1.1 request that it is (RFC 9110, 7.8).
 */
export function offersWebSocket({ method, headers }: IncomingMessage): boolean {
  const offers = (headers.upgrade ?? '').split(',').map((protocol) => protocol.trim().toLowerCase())
  return method === 'GET' && offers.includes('websocket')
}

/** Passes each upgrade that the gate admits to the API that owns its path. Returns the sockets of those APIs. */
export function routeUpgrades(server: Server, apis: readonly Api[], gate: Gate): readonly ApiSockets[] {
  const all = apis.flatMap(({ sockets }) => sockets ?? [])
  server.on('upgrade', (request, socket, head) => {
    // Until the upgrade nothing else listens for errors of the connection.
    socket.on('error', () => socket.destroy())
    const sockets = all.find((each) => each.owns(requestPath(request)))
    const refusal = sockets === undefined ? null : gate(request, socket)
    if (sockets !== undefined && refusal === null) return sockets.accept(request, socket, head)
    // Node has left the connection to us: nothing else would end one whose client does not.
    socket.once('finish', () => socket.destroy())
    const status = refusal === null ? '404 Not Found' : responseHead(refusal)
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
  })
  return all
}
