import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { closeServer } from '../support/lifetime/close-it.ts'
import { opened } from '../support/lifetime/opened.ts'

export interface EchoServer {
  readonly host: string
  /** The headers of all requests. */
  readonly seen: readonly string[]
  close(): Promise<void>
}

/** Says back all headers of a request: below `/ok` as an answer, elsewhere as an error of a provider's form. */
export async function startEchoServer(): Promise<EchoServer> {
  const seen: string[] = []
  const server = createServer((request, response) => {
    const told = JSON.stringify(request.headers)
    seen.push(told)
    const isFine = request.url?.startsWith('/ok') === true
    response.writeHead(isFine ? 200 : 401, { 'content-type': 'application/json', 'x-told': told })
    const error = { type: 'invalid_api_key', message: `You said ${told}.` }
    response.end(JSON.stringify(isFine ? { youSent: request.headers } : { type: 'error', error }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return opened({
    host: `127.0.0.1:${port}`,
    seen,
    close: () => closeServer(server),
  })
}
