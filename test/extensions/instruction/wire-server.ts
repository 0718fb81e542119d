import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { opened } from '../../support/lifetime/opened.ts'

export interface WireRequest {
  readonly method: string
  /** Path and query, as they stood in the request line. */
  readonly target: string
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[]
  readonly body: string
}

interface WireServer {
  readonly host: string
  readonly seen: readonly WireRequest[]
}

const page =
  '<html><body><h1>Sofia</h1><p>It is <b>warm</b>.</p><a href="https://a.example/more">More</a></body></html>'

/**
 * A real server on loopback, gone with the test. It quotes in its JSON all that it was asked, as a server that is curious or
 * careless would; below `/page` it has HTML, below `/fault` a refusal that quotes as well.
 */
export async function startWireServer(): Promise<WireServer> {
  const seen: WireRequest[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = '', url: target = '', rawHeaders } = request
    const entry = { method, target, rawHeaders, body: Buffer.concat(chunks).toString() }
    seen.push(entry)
    if (target.startsWith('/page')) return response.setHeader('content-type', 'text/html').end(page)
    const status = target.startsWith('/fault') ? 403 : 200
    const answer = JSON.stringify({ isAnswered: true, quoted: entry })
    return response.writeHead(status, { 'content-type': 'application/json' }).end(answer)
  })
  await new Promise<void>((resolve) => opened(server).listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { host: `127.0.0.1:${port}`, seen }
}
