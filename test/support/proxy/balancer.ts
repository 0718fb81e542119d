import { once } from 'node:events'
import { request } from 'node:http'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { closeServer } from '../lifetime/close-it.ts'
import { opened } from '../lifetime/opened.ts'
import { reset } from './reset.ts'

interface Target {
  readonly url: string
}

/** A load balancer on 127.0.0.1: each connection goes to a target that says it is ready. */
export interface Balancer {
  /** `http://127.0.0.1:port` */
  readonly url: string
  /** Of `/graphql`. */
  readonly wsUrl: string
  /** In turn; to be changed at any time. */
  readonly targets: Target[]
  close(): Promise<void>
}

export async function startBalancer(...targets: Target[]): Promise<Balancer> {
  const clients = new Set<Socket>()
  let next = 0
  const pickReady = async (): Promise<Target | null> => {
    for (let tries = 0; tries < 3 * targets.length; tries++) {
      const target = targets[next++ % targets.length]
      if (target !== undefined && (await isReady(target))) return target
    }
    return null
  }
  const server = createServer({ pauseOnConnect: true }, async (client) => {
    clients.add(client)
    client.on('error', () => {})
    client.on('close', () => clients.delete(client))
    const target = await pickReady()
    // Nobody would close what is opened for a client that has gone meanwhile.
    if (target === null || client.destroyed) {
      reset(client)
      return
    }
    const { port, hostname } = new URL(target.url)
    const upstream = connect(Number(port), hostname)
    upstream.on('error', () => reset(client))
    client.on('close', () => upstream.destroy())
    client.pipe(upstream).pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return opened({
    url: `http://${host}`,
    wsUrl: `ws://${host}/graphql`,
    targets,
    async close() {
      for (const client of clients) client.destroy()
      await closeServer(server)
    },
  })
}

function isReady({ url }: Target): Promise<boolean> {
  return new Promise((resolve) => {
    const asking = request(`${url}/ready`, { agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    asking.on('error', () => resolve(false)).end()
  })
}
