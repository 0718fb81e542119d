import type { Server } from 'node:http'
import type { Api, ApiSockets } from '../api/api.ts'
import { requestPath } from '../kernel/request-path.ts'
import { type Gate, responseHead } from './gate.ts'

/** Passes each upgrade that the gate admits to the API that owns its path. Returns the sockets of those APIs. */
export function routeUpgrades(server: Server, apis: readonly Api[], gate: Gate): readonly ApiSockets[] {
  const all = apis.flatMap(({ sockets }) => sockets ?? [])
  server.on('upgrade', (request, socket, head) => {
    // Until the upgrade nothing else listens for errors of the connection.
    socket.on('error', () => socket.destroy())
    const sockets = all.find((each) => each.owns(requestPath(request)))
    const refusal = sockets === undefined ? null : gate(request, socket)
    if (sockets !== undefined && refusal === null) return sockets.accept(request, socket, head)
    const status = refusal === null ? '404 Not Found' : responseHead(refusal)
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
  })
  return all
}
