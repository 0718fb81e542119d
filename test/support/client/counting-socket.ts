import type { WebSocketConstructor } from 'backchannel-client'

/** Node's own WebSocket, counted. */
export function createCountingSocket() {
  let opened = 0
  let subscriptions = 0
  class Counting extends WebSocket {
    constructor(url: string, protocols?: string | string[]) {
      super(url, protocols)
      opened += 1
    }
    override send(data: string): void {
      if (JSON.parse(data).type === 'subscribe') subscriptions += 1
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
    subscriptions: () => subscriptions,
  }
}
