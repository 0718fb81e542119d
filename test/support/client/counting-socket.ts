import type { WebSocketConstructor } from 'backchannel-client'

/** Node's own WebSocket, counted. */
export function createCountingSocket() {
  let opened = 0
  let subscriptions = 0
  let pings = 0
  const open = new Set<WebSocket>()
  class Counting extends WebSocket {
    constructor(url: string, protocols?: string | string[]) {
      super(url, protocols)
      opened += 1
      open.add(this)
      this.addEventListener('close', () => void open.delete(this))
    }
    override send(data: string): void {
      const { type } = JSON.parse(data)
      if (type === 'subscribe') subscriptions += 1
      if (type === 'ping') pings += 1
      super.send(data)
    }
  }
  /** As behind a proxy that knows no upgrades. */
  class Blocked extends Counting {
    constructor(_url: string, protocols?: string | string[]) {
      super('ws://127.0.0.1:9/', protocols)
    }
  }
  return {
    webSocket: Counting satisfies WebSocketConstructor,
    blocked: Blocked satisfies WebSocketConstructor,
    /** WebSockets that were tried. */
    opened: () => opened,
    /** WebSockets that have not closed. */
    open: () => open.size,
    subscriptions: () => subscriptions,
    pings: () => pings,
  }
}
