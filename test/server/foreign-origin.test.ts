import { once } from 'node:events'
import { beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { opened } from '../support/lifetime/opened.ts'
import { type Service, startService } from '../support/service/start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService()
})

const foreign = [
  'https://example.com',
  'http://127.0.0.1.example.com',
  'http://localhost.example.com:4000',
  'null',
  'nonsense',
]
const ours = ['http://localhost:5173', 'http://127.0.0.1:4000', 'http://[::1]:3000']

async function post(origin: string): Promise<Response> {
  return fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: '{"query":"{ models { id } }"}',
  })
}

/** The status of the upgrade. */
async function connect(origin: string): Promise<number> {
  const socket = opened(new WebSocket(service.wsUrl, 'graphql-transport-ws', { origin }))
  const taken = once(socket, 'open').then(() => 101)
  const refused = once(socket, 'unexpected-response').then(([, response]) => Number(response.statusCode))
  socket.on('error', () => {})
  return Promise.race([taken, refused])
}

describe('a page of another machine', () => {
  test.each(foreign)('cannot act: %s', async (origin) => {
    const response = await post(origin)
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] })
    expect(await connect(origin)).toBe(403)
  })
})

describe('a page of this machine', () => {
  test.each(ours)('may: %s', async (origin) => {
    const response = await post(origin)
    expect(response.status).toBe(200)
    expect(response.headers.get('access-control-allow-origin')).toBe(origin)
    expect(await connect(origin)).toBe(101)
  })
})
