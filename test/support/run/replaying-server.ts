import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Reply, recorded } from '../../models/reports/recorded.ts'
import { providerEnv } from './provider-env.ts'

export interface ReplayingServer {
  /** The environment with which the service talks to it as to all of its providers. */
  readonly env: Readonly<Record<string, string>>
  /** How often a model has been asked. */
  readonly asked: number
  close(): void
}

/** A provider of every protocol that answers with recorded bytes, one file a call; the last is repeated. */
export async function startReplayingServer(script: readonly (string | Reply)[]): Promise<ReplayingServer> {
  let asked = 0
  const server = createServer((request, response) => {
    if (request.method !== 'POST') return void response.writeHead(404).end()
    asked += 1
    const reply = script[Math.min(asked, script.length) - 1] ?? { status: 404, body: '' }
    const { status, body, contentType = 'application/json' } = typeof reply === 'string' ? recorded(reply) : reply
    request.resume().on('end', () => response.writeHead(status, { 'content-type': contentType }).end(body))
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    env: providerEnv(url),
    get asked() {
      return asked
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
