import type { Socket } from 'node:net'

/** The server's end of the connection whose other end is `client`, in this process. */
export function serverEnd(client: Socket): Socket {
  const handles = (process as unknown as { _getActiveHandles(): Partial<Socket>[] })._getActiveHandles()
  const found = handles.find(
    ({ remotePort, localPort }) => remotePort === client.localPort && localPort === client.remotePort,
  )
  if (found === undefined) throw new Error('the connection has ended')
  return found as Socket
}
