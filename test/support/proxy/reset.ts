import type { Socket } from 'node:net'

/**
 * Breaks a connection with RST. A socket that has been ended is only closed: Node refuses to reset it, with EINVAL, and then
 * never closes it (findings/a-socket-reset-after-its-end-stays-open.sh).
 */
export function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}
