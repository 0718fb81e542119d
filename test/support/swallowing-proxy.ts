import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface SwallowingProxy {
  readonly port: number
  /**
   * What comes back is looked at from now on: from the piece that is true for `isSwallowed`, its connection says nothing more, and
   * stays open. What was asked has been done, and whoever asked waits. Fulfilled when that has happened.
   */
  swallow(isSwallowed: (piece: Buffer) => boolean): Promise<void>
  /** Lets everything through on new connections. Those that have fallen silent stay so, as when a host has died. */
  heal(): void
  /** `heal`, and cuts the connections that have fallen silent. */
  recover(): void
  close(): Promise<void>
}

/** Stands before a TCP server on this machine, and now and then loses its replies without a sign. */
export async function startSwallowingProxy(targetPort: number): Promise<SwallowingProxy> {
  const sockets = new Set<Socket>()
  const silent = new Set<Socket>()
  let watch: { readonly isSwallowed: (piece: Buffer) => boolean; readonly done: () => void } | null = null
  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1')
    const drop = () => {
      client.destroy()
      target.destroy()
    }
    for (const socket of [client, target]) {
      sockets.add(socket)
      socket.on('error', drop)
      socket.on('close', () => {
        sockets.delete(socket)
        silent.delete(socket)
        drop()
      })
    }
    client.on('data', (piece) => target.write(piece))
    target.on('data', (piece) => {
      if (watch?.isSwallowed(piece)) {
        silent.add(client)
        watch.done()
      }
      if (!silent.has(client)) client.write(piece)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    swallow: (isSwallowed) =>
      new Promise((done) => {
        watch = { isSwallowed, done }
      }),
    heal() {
      watch = null
    },
    recover() {
      watch = null
      for (const socket of silent) socket.destroy()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
