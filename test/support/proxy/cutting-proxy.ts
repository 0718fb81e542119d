import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { closeServer } from '../lifetime/close-it.ts'
import { opened } from '../lifetime/opened.ts'
import { reset } from './reset.ts'

/** A bad network on 127.0.0.1 between a client and a service. */
export interface CuttingProxy {
  /** `http://127.0.0.1:port` */
  readonly url: string
  /** Of the service's `/graphql`, through the proxy. */
  readonly wsUrl: string
  /** All connections so far that reached the service. */
  readonly connections: number
  /** All connections so far that were turned away. */
  readonly refusals: number
  /** Connections that are open now. */
  readonly open: number
  /** Breaks all connections, with RST: neither side hears a goodbye. */
  cut(): void
  /** Breaks whichever connection brings the `bytes`-th byte from now on from the service; those before still arrive. */
  cutAfter(bytes: number): void
  /** From now on until `accept` breaks every new connection at once. */
  refuse(): void
  accept(): void
  /** Resolves once nothing is open any more. */
  close(): Promise<void>
}

export async function createCuttingProxy(targetUrl: string): Promise<CuttingProxy> {
  const target = new URL(targetUrl)
  const pairs = new Set<readonly [client: Socket, upstream: Socket]>()
  let connections = 0
  let refusals = 0
  let isRefusing = false
  let bytesLeft = Infinity

  const server = createServer((client) => {
    if (isRefusing) {
      refusals += 1
      client.on('error', () => {})
      reset(client)
      return
    }
    connections += 1
    const upstream = connect(Number(target.port), target.hostname)
    const pair = [client, upstream] as const
    pairs.add(pair)
    upstream.on('data', (chunk: Buffer) => {
      const passed = chunk.subarray(0, bytesLeft)
      bytesLeft -= passed.length
      if (!client.write(passed)) upstream.pause()
      if (bytesLeft > 0) return
      bytesLeft = Infinity
      upstream.pause().destroy()
    })
    client.on('drain', () => upstream.resume())
    client.pipe(upstream)
    // A cut connection has an error on the other side; `close` follows it.
    for (const socket of pair) socket.on('error', () => {})
    upstream.on('close', () => client.destroySoon())
    client.on('close', () => {
      pairs.delete(pair)
      upstream.destroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`

  const cut = () => {
    for (const pair of pairs) for (const socket of pair) reset(socket)
  }
  return opened({
    url: `http://${host}`,
    wsUrl: `ws://${host}/graphql`,
    get connections() {
      return connections
    },
    get refusals() {
      return refusals
    },
    get open() {
      return pairs.size
    },
    cut,
    cutAfter(bytes) {
      bytesLeft = bytes
    },
    refuse() {
      isRefusing = true
    },
    accept() {
      isRefusing = false
    },
    async close() {
      cut()
      await closeServer(server)
    },
  })
}
