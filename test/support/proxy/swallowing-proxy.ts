import type { Socket } from 'node:net'
import { type LoopbackProxy, startLoopbackProxy } from './loopback-proxy.ts'

export interface SwallowingProxy extends LoopbackProxy {
  /**
   * What comes back is looked at from now on: from the piece that is true for `isSwallowed`, its connection says nothing more, and
   * stays open. What was asked has been done, and whoever asked waits. Fulfilled when that has happened.
   */
  swallow(isSwallowed: (piece: Buffer) => boolean): Promise<void>
  /** Lets everything through on new connections. Those that have fallen silent stay so, as when a host has died. */
  heal(): void
  /** `heal`, and cuts the connections that have fallen silent. */
  recover(): void
}

/** Stands before a server on this machine, and now and then loses its replies without a sign. */
export async function startSwallowingProxy(upstreamPort: number): Promise<SwallowingProxy> {
  const silent = new Set<Socket>()
  let watch: { readonly isSwallowed: (piece: Buffer) => boolean; readonly done: () => void } | null = null
  const proxy = await startLoopbackProxy(upstreamPort, ({ client, upstream }) => {
    client.on('close', () => silent.delete(client))
    client.on('data', (piece) => upstream.write(piece))
    upstream.on('data', (piece) => {
      if (watch?.isSwallowed(piece)) {
        silent.add(client)
        watch.done()
      }
      if (!silent.has(client)) client.write(piece)
    })
  })
  const heal = () => {
    watch = null
  }
  return {
    ...proxy,
    swallow: (isSwallowed) =>
      new Promise((done) => {
        watch = { isSwallowed, done }
      }),
    heal,
    recover() {
      heal()
      for (const socket of silent) socket.destroy()
    },
  }
}
