import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { opened } from '../../support/lifetime/opened.ts'

/** One attempt at a delivery, as it came in. */
export interface Attempt {
  /** `webhook-id`: channel, notice and webhook. */
  readonly id: string
  readonly path: EndpointPath
  readonly type: string
  readonly channelId: string
  readonly at: number
  readonly isTaken: boolean
}

/** `/faulty` refuses the first attempt at each delivery; `/gone` wants nothing more; `/removed` is deleted while runs go on. */
export const endpointPaths = ['/steady', '/slow', '/faulty', '/gone', '/removed'] as const
export type EndpointPath = (typeof endpointPaths)[number]

export interface Receiver {
  readonly port: number
  readonly attempts: readonly Attempt[]
  close(): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const attempts: Attempt[] = []
  const refused = new Set<string>()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer)
    } catch {
      // Its sender was killed.
      return
    }
    const id = String(request.headers['webhook-id'])
    const path = request.url as EndpointPath
    const { type, data } = JSON.parse(Buffer.concat(chunks).toString()) as { type: string; data: { channelId: string } }
    const isRefused = path === '/faulty' && !refused.has(id)
    if (isRefused) refused.add(id)
    attempts.push({
      ...{ id, path, type, channelId: data.channelId, at: Date.now() },
      isTaken: !isRefused && path !== '/gone',
    })
    const answer = () => response.writeHead(isRefused ? 500 : path === '/gone' ? 410 : 204).end()
    if (path === '/slow') setTimeout(answer, 700)
    else answer()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return opened({
    port: (server.address() as AddressInfo).port,
    attempts,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}
