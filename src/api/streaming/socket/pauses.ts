import type { WebSocket } from 'ws'

/** Whether a client is read: not while there is any reason to wait. */
export interface Pauses {
  /** One more reason; the returned function takes it back, once. */
  add(): () => void
  isPaused(): boolean
}

export function createPauses(websocket: Pick<WebSocket, 'pause' | 'resume'>): Pauses {
  let reasons = 0
  return {
    add() {
      reasons += 1
      if (reasons === 1) websocket.pause()
      let isLifted = false
      return () => {
        if (isLifted) return
        isLifted = true
        reasons -= 1
        if (reasons === 0) websocket.resume()
      }
    },
    isPaused: () => reasons > 0,
  }
}
