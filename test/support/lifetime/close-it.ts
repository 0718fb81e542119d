import { Server as HttpServer } from 'node:http'
import { Server } from 'node:net'

/** What can be closed without being told how. */
export type Openable =
  | Server
  | { dispose(): unknown }
  | { terminate(): unknown }
  | { disconnect(): unknown }
  | { destroy(): unknown }
  | { close(): unknown }

/** WebSockets do not wait for the other side, and servers not for their clients: the test is over. */
export async function closeIt(thing: Openable): Promise<void> {
  if (thing instanceof Server) await closeServer(thing)
  else if ('dispose' in thing) await thing.dispose()
  else if ('terminate' in thing) thing.terminate()
  else if ('disconnect' in thing) thing.disconnect()
  else if ('destroy' in thing) thing.destroy()
  else await thing.close()
}

/** Resolves once nothing is open any more; also for one that has been closed already. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
  if (server instanceof HttpServer) server.closeAllConnections()
  await closed
}
