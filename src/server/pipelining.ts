import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** How many requests of one connection are worked on at once. Browsers, proxies and SDKs send one after the other. */
const mostPipelined = 32

/** Counts the requests that a connection has sent without waiting for the answers, each of which is kept until those before it are read. */
export interface Pipelining {
  /** Whether the request may be worked on. Cuts a connection that goes on sending after it was refused. */
  admit(socket: Socket, response: ServerResponse): boolean
}

export function createPipelining(): Pipelining {
  const open = new WeakMap<Socket, number>()
  return {
    admit(socket, response) {
      const count = (open.get(socket) ?? 0) + 1
      open.set(socket, count)
      response.once('close', () => open.set(socket, (open.get(socket) ?? 1) - 1))
      if (count > 2 * mostPipelined) socket.destroy()
      return count <= mostPipelined
    },
  }
}
