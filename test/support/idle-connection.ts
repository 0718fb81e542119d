import { once } from 'node:events'
import { connect } from 'node:net'
import { opened } from './lifetime/opened.ts'

export interface IdleConnection {
  /** Asks for `/health` on this connection; the status of the answer. */
  ask(): Promise<number>
  isClosed(): boolean
  /** Resolves once the server has closed it. */
  readonly closed: Promise<unknown>
  close(): void
}

/** A connection to an HTTP server that stays open between requests, as a proxy keeps it. */
export async function openConnection(url: string): Promise<IdleConnection> {
  const { hostname, port } = new URL(url)
  const socket = opened(connect(Number(port), hostname))
  await once(socket, 'connect')
  return {
    async ask() {
      socket.write(`GET /health HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`)
      const [answer] = (await once(socket, 'data')) as [Buffer]
      return Number(/^HTTP\/1\.1 (\d+)/.exec(answer.toString())?.[1])
    },
    isClosed: () => socket.readableEnded || socket.destroyed,
    closed: once(socket, 'end'),
    close: () => void socket.destroy(),
  }
}
