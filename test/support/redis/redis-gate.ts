import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { closeServer } from '../lifetime/close-it.ts'
import { opened } from '../lifetime/opened.ts'
import { reset } from '../proxy/reset.ts'

/** A fixed address for Redis, as a name in DNS or a proxy gives it, which leads to one server or another. */
export interface RedisGate {
  readonly url: string
  /** New connections go to that port from now on, those that are open stay. Null: new ones are refused. */
  lead(port: number | null): void
  /** Cuts all connections. */
  cut(): void
  close(): Promise<void>
}

export async function startRedisGate(port: number): Promise<RedisGate> {
  const sockets = new Set<Socket>()
  let target: number | null = port
  const server = createServer((client) => {
    client.on('error', () => {})
    if (target === null) return void reset(client)
    const redis = connect(target, '127.0.0.1')
    for (const [socket, other] of [
      [client, redis],
      [redis, client],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return opened({
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lead(next) {
      target = next
    },
    cut,
    async close() {
      cut()
      await closeServer(server)
    },
  })
}
