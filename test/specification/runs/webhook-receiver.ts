import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook as Verifier } from 'standardwebhooks'
import { opened } from '../../support/lifetime/opened.ts'

export interface Received {
  readonly id: string
  readonly path: string
  readonly type: string
  readonly channelId: string
  readonly data: Readonly<Record<string, unknown>>
}

/** What the receiver does with the first attempt at each delivery to `/faulty`, one after the other; then it takes it. */
const faults: readonly ((response: ServerResponse, elsewhere: string) => void)[] = [
  (response) => response.writeHead(500).end('No.'),
  (response) => response.destroy(),
  (response, elsewhere) => response.writeHead(302, { location: elsewhere }).end(),
  (response) => response.writeHead(429, { 'retry-after': '1' }).end(),
  () => {},
]

/** How the receiver answers below each path, when it has read the whole request. */
const answers: Readonly<Record<string, (response: ServerResponse) => unknown>> = {
  '/steady': (response) => response.writeHead(204).end(),
  // Its answer has no end, in a coding that nobody knows: what counts is the status.
  '/slow': (response) =>
    setTimeout(() => response.writeHead(200, { 'content-encoding': 'rot13' }).write('ok'.repeat(100_000)), 300),
  '/hangs': () => {},
  '/gone': (response) => response.writeHead(410).end(),
}

/** Verifies all that comes with the npm package of Standard Webhooks, and has every fault that a receiver can have. */
export async function startReceiver() {
  /** By path. */
  const secrets = new Map<string, string>()
  const attempts: Received[] = []
  const taken: Received[] = []
  const problems: string[] = []
  const tried = new Set<string>()
  let strays = 0
  const listen = async (handle: (request: IncomingMessage, response: ServerResponse) => void) => {
    const server = opened(createServer(handle), (it) => {
      it.closeAllConnections()
      it.close()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  }
  // No delivery may come here: it is not in FETCH_ALLOW.
  const closed = await listen((_request, response) => {
    strays += 1
    response.writeHead(200).end()
  })
  const port = await listen(async (request, response) => {
    const path = request.url ?? ''
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    try {
      new Verifier(secrets.get(path) ?? '').verify(body, headers)
    } catch (error) {
      problems.push(`${path}: ${error}`)
    }
    const { type, data } = JSON.parse(body) as { type: string; data: Received['data'] }
    const id = headers['webhook-id'] ?? ''
    const received = { id, path, type, channelId: String(data['channelId']), data }
    attempts.push(received)
    if (path === '/faulty' && !tried.has(id)) {
      tried.add(id)
      faults[tried.size % faults.length]?.(response, `http://127.0.0.1:${closed}/`)
      return
    }
    if (path === '/faulty' || path === '/steady' || path === '/slow') taken.push(received)
    ;(answers[path] ?? answers['/steady'])?.(response)
  })
  return {
    ...{ secrets, attempts, taken, problems, port, closed },
    get strays() {
      return strays
    },
    url: (path: string) => `http://127.0.0.1:${port}${path}`,
  }
}
