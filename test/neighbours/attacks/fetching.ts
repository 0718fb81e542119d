import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dispatchMutation } from '../account.ts'
import { type Attack, again, outcome } from './attack.ts'

const page = `<html><body>${'<div><p>A <b>word</b> and <a href="/x">a link</a>.</p></div>'.repeat(8000)}</body></html>`
const image = Buffer.concat([
  Buffer.from('89504e470d0a1a0a0000000d49484452000000400000004008020000', 'hex'),
  Buffer.alloc(4_000_000),
])

/** Pages and files as the web has them, on this machine. The host must be allowed by FETCH_ALLOW. */
export async function serveFiles() {
  const server = createServer((request, response) => {
    const isImage = request.url?.endsWith('.png') === true
    response.writeHead(200, { 'content-type': isImage ? 'image/png' : 'text/html' }).end(isImage ? image : page)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { host: `127.0.0.1:${port}`, close }
}

/** Runs that fetch from that host. */
export function fetchingAttacks(host: string): readonly Attack[] {
  const attack = (name: string, input: (n: number) => object): Attack => ({
    name,
    run({ attacker }, signal, tally) {
      let n = 0
      return again(10, signal, tally, async () => {
        const variables = { input: { model: 'demo/delayMs=0/words=5', ...input(n++) } }
        return outcome(await attacker.post('/graphql', JSON.stringify({ query: dispatchMutation, variables }), signal))
      })
    },
  })
  return [
    attack('runs with 20 images of 4 MB', (n) => ({
      messages: [{ type: 'USER', text: 'Look.' }],
      attachments: Array.from({ length: 20 }, (_, i) => ({ url: `http://${host}/${n}-${i}.png` })),
    })),
    attack('runs with 20 pages of 500 KB', (n) => ({
      messages: [{ type: 'USER', text: 'Look.' }],
      attachments: Array.from({ length: 20 }, (_, i) => ({ url: `http://${host}/${n}-${i}` })),
    })),
    attack('abilities that fetch pages', () => ({
      messages: [{ type: 'USER', text: 'Please call page.' }],
      extensions: {
        skillsets: [
          {
            abilities: [
              { name: 'page', description: 'Fetches.', instruction: `\`\`\`fetch\nhttp://${host}/page\n\`\`\`` },
            ],
          },
        ],
      },
    })),
  ]
}
