import type { Server } from 'node:http'

export interface ListenOptions {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** The variable that sets the port, for the error. */
  readonly variable: string
}

/** Rejects when the server cannot listen. The error says in one line what to set. */
export async function listen(server: Server, { host, port, variable }: ListenOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      error.message = `${variable}: ${problemOf(error, { host, port, variable })}`
      reject(error)
    })
    server.listen(port, host, resolve)
  })
}

function problemOf({ code, message }: NodeJS.ErrnoException, { host, port, variable }: ListenOptions): string {
  const hostVariable = variable.replace('PORT', 'HOST')
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is taken; set another ${variable}.`
    case 'EACCES':
      return `this user may not listen on port ${port}; set one from 1024 up.`
    case 'EADDRNOTAVAIL':
      return `this machine has no address ${host}; set ${hostVariable}, 0.0.0.0 for all of them.`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `there is no host ${host}; set ${hostVariable}.`
    default:
      return `it is not possible to listen on port ${port} of ${host}: ${message}`
  }
}
