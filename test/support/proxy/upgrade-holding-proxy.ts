import { startLoopbackProxy } from './loopback-proxy.ts'

/** As proxies that know no upgrades: they are kept without an answer, everything else passes. */
export interface UpgradeHoldingProxy {
  /** `http://127.0.0.1:port` */
  readonly url: string
  /** Upgrades that were asked for. */
  readonly upgrades: number
  /** Upgrades that are still waited for. */
  readonly waiting: number
  /** Lets those that wait through. */
  release(): void
}

export async function startUpgradeHoldingProxy(targetUrl: string): Promise<UpgradeHoldingProxy> {
  const held = new Set<() => void>()
  let upgrades = 0
  const proxy = await startLoopbackProxy(Number(new URL(targetUrl).port), ({ client, upstream }) => {
    client.on('data', (piece: Buffer) => {
      if (!/^upgrade: *websocket/im.test(piece.toString('latin1'))) {
        upstream.write(piece)
        return
      }
      upgrades += 1
      const send = () => void upstream.write(piece)
      held.add(send)
      client.on('close', () => held.delete(send))
    })
    upstream.on('data', (piece: Buffer) => client.write(piece))
  })
  return {
    url: `http://127.0.0.1:${proxy.port}`,
    get upgrades() {
      return upgrades
    },
    get waiting() {
      return held.size
    },
    release() {
      for (const send of held) send()
      held.clear()
    },
  }
}
