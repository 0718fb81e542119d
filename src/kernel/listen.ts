import type { Server } from 'node:http'

export interface ListenOptions {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** The variable that sets the port, for the error. */
  readonly variable: string
}

/** Rejects when the server cannot listen. If the port is taken, the error says in one line which variable changes it. */
export async function listen(server: Server, { host, port, variable }: ListenOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        error.message = `${variable}: port ${port} on ${host} is taken; set another ${variable}.`
      reject(error)
    })
    server.listen(port, host, resolve)
  })
}
