import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { opened } from '../../support/lifetime/opened.ts'

export interface SeenRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface FetchServer {
  /** `http://127.0.0.1:port` */
  readonly url: string
  /** For the allow-list. */
  readonly host: string
  readonly port: number
  readonly seen: readonly SeenRequest[]
}

export type Answer = (request: SeenRequest, response: ServerResponse) => void

/** A real server on loopback, gone with the test, that keeps what it was asked. */
export async function startFetchServer(answer: Answer): Promise<FetchServer> {
  const seen: SeenRequest[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = '', url = '', headers } = request
    const entry = { method, url, headers, body: Buffer.concat(chunks).toString() }
    seen.push(entry)
    response.on('error', () => {})
    answer(entry, response)
  })
  await new Promise<void>((resolve) => opened(server).listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, port, seen }
}

export function json(value: unknown, status = 200): Answer {
  return (_request, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

export function text(body: string, contentType = 'text/plain', status = 200): Answer {
  return (_request, response) => response.writeHead(status, { 'content-type': contentType }).end(body)
}

export function redirect(location: string, status = 302): Answer {
  return (_request, response) => response.writeHead(status, { location }).end()
}
