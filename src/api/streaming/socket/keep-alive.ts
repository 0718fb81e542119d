import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'

export interface KeepAliveOptions {
  readonly intervalMs: number
  /** Whether we do not read at present, and so see no pong. */
  readonly isPaused: () => boolean
}

/**
 * Pings a connection, and cuts it when a whole interval passes in which nothing comes from the client and nothing of what
 * waits for it is taken. A client that reads slowly goes on; one that does not read answers no ping.
 */
export function keepAlive(websocket: WebSocket, tcp: Socket, { intervalMs, isPaused }: KeepAliveOptions): void {
  const seen = () => ({
    read: tcp.bytesRead,
    taken: tcp.bytesWritten - tcp.writableLength,
    waits: tcp.writableLength > 0,
  })
  let before: ReturnType<typeof seen> | null = null
  let timer: NodeJS.Timeout
  const check = () => {
    if (websocket.readyState !== websocket.OPEN) return
    const now = seen()
    if (before !== null) {
      const isTaking = before.waits && now.taken > before.taken
      const isHeldByUs = isPaused() && !tcp.writableNeedDrain
      if (now.read === before.read && !isTaking && !isHeldByUs) return websocket.terminate()
    }
    websocket.ping()
    before = seen()
    timer = setTimeout(check, intervalMs)
  }
  timer = setTimeout(check, intervalMs)
  websocket.once('close', () => clearTimeout(timer))
}
