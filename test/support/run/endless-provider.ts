import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { opened } from '../lifetime/opened.ts'
import { providerEnv } from './provider-env.ts'

export interface EndlessProvider {
  /** With these variables a service asks it, unless a dispatch names another model. */
  readonly env: Readonly<Record<string, string>>
  /** It says a little more than it has said so far, and ends. */
  comeToAnEnd(): void
}

/** A model that speaks OpenAI's protocol, a word each 20 ms, until it is told to come to an end: a test need not hurry. */
export async function startEndlessProvider(): Promise<EndlessProvider> {
  let isEnding = false
  const server = opened(
    createServer((request, response) => {
      request.resume().on('end', () => void speak(response, () => isEnding))
    }),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    env: { ...providerEnv(`http://127.0.0.1:${port}`), DEFAULT_MODEL: 'compatible:endless' },
    comeToAnEnd() {
      isEnding = true
    },
  }
}

function speak(response: ServerResponse, isEnding: () => boolean): void {
  const write = (delta: object, finish: string | null) =>
    response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`)
  let left = Number.POSITIVE_INFINITY
  let said = 0
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const timer = setInterval(() => {
    if (isEnding()) left = Math.min(left, said + 10)
    if (left === 0) {
      clearInterval(timer)
      write({}, 'stop')
      response.end('data: [DONE]\n\n')
      return
    }
    write({ content: `word${1000 + (said % 9000)} ` }, null)
    said += 1
    left -= 1
  }, 20)
  response.on('close', () => clearInterval(timer))
}
