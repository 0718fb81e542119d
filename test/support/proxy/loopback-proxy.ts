import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { closeServer } from '../lifetime/close-it.ts'
import { opened } from '../lifetime/opened.ts'

/** Two ends of one connection, and how to lose both at once. */
export interface ProxiedConnection {
  readonly client: Socket
  readonly upstream: Socket
  drop(): void
}

export interface LoopbackProxy {
  readonly port: number
  close(): Promise<void>
}

/**
 * Stands before a port of this machine. When one end of a connection closes, so does the other.
 *
 * @param join says what passes between the two.
 */
export async function startLoopbackProxy(
  upstreamPort: number,
  join: (connection: ProxiedConnection) => void,
): Promise<LoopbackProxy> {
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(upstreamPort, '127.0.0.1')
    const drop = () => {
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', drop)
      socket.on('close', () => {
        sockets.delete(socket)
        drop()
      })
    }
    join({ client, upstream, drop })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return opened({
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy()
      await closeServer(server)
    },
  })
}
