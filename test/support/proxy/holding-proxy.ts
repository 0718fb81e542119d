import { type LoopbackProxy, startLoopbackProxy } from './loopback-proxy.ts'

export interface HoldingProxy extends LoopbackProxy {
  /**
   * What is sent is looked at from now on. From the piece that is true for `isHeld`, its connection's pieces are kept back until
   * `release`. Fulfilled when that has begun.
   */
  hold(isHeld: (piece: Buffer) => boolean): Promise<void>
  /** Sends on what was kept back, in its order, and everything after it. */
  release(): void
}

/** Stands before a server on this machine, and delays what one connection asks of it. */
export async function startHoldingProxy(upstreamPort: number): Promise<HoldingProxy> {
  let watch: { readonly isHeld: (piece: Buffer) => boolean; readonly done: () => void } | null = null
  let release = () => {}
  const proxy = await startLoopbackProxy(upstreamPort, ({ client, upstream }) => {
    let kept: Buffer[] | null = null
    client.on('data', (piece) => {
      if (watch?.isHeld(piece)) {
        const { done } = watch
        watch = null
        kept = []
        release = () => {
          for (const each of kept ?? []) upstream.write(each)
          kept = null
        }
        done()
      }
      if (kept === null) upstream.write(piece)
      else kept.push(piece)
    })
    upstream.on('data', (piece) => client.write(piece))
  })
  return {
    ...proxy,
    hold: (isHeld) =>
      new Promise((done) => {
        watch = { isHeld, done }
      }),
    release: () => release(),
  }
}
