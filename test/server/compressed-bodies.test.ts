import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Service, startService } from '../support/service/start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService({ env: { API_KEYS: 'acme:acme-key-0123456789' } })
})

const authorization = 'Bearer acme-key-0123456789'
const bodies = {
  '/graphql': { body: '{"query":"{ models { id } }"}', answer: { data: { models: expect.any(Array) } } },
  '/v1/bot/create': { body: '{"name":"Über"}', answer: { id: expect.any(String) } },
} as const
const paths = Object.keys(bodies) as (keyof typeof bodies)[]

interface Sent {
  readonly coding: string
  readonly body: Uint8Array
  readonly headers?: Record<string, string>
}

async function send(path: string, { coding, body, headers = { authorization } }: Sent) {
  const response = await fetch(service.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-encoding': coding, ...headers },
    body: new Uint8Array(body),
  })
  return { status: response.status, body: (await response.json()) as unknown }
}

/** A body that is refused with this status by both APIs, which say this. */
async function expectRefused(sent: Sent, status: number, said: string): Promise<void> {
  for (const path of paths) {
    const answer = await send(path, sent)
    expect([path, answer.status]).toEqual([path, status])
    expect(JSON.stringify(answer.body)).toContain(said)
  }
}

const packers: readonly (readonly [string, (body: Buffer) => Uint8Array])[] = [
  ['gzip', gzipSync],
  ['GZIP', gzipSync],
  ['x-gzip', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
  ['identity', (body) => body],
]

test.each(packers)('a body in %s is read by both APIs', async (coding, pack) => {
  for (const path of paths) {
    const { body, answer } = bodies[path]
    expect(await send(path, { coding, body: pack(Buffer.from(body)) })).toEqual({ status: 200, body: answer })
  }
})

describe('a body is refused that', () => {
  test.each(['compress', 'gzip, gzip', 'Snappy'])('is encoded as %s, by name', async (coding) => {
    const body = gzipSync(gzipSync('{}'))
    await expectRefused({ coding, body }, 415, JSON.stringify(coding.toLowerCase()).slice(1, -1))
  })

  test.each([
    ['is not what it says', Buffer.from('{"query":"{ models { id } }"}')],
    ['ends early', gzipSync('{"query":"{ models { id } }"}').subarray(0, -9)],
  ])('%s', async (_what, body) => {
    await expectRefused({ coding: 'gzip', body }, 400, 'not what its Content-Encoding says')
  })

  test('unpacks to gigabytes, as soon as it is over the limit', { timeout: 10_000 }, async () => {
    const member = gzipSync(Buffer.alloc(16_000_000))
    const body = Buffer.concat(Array.from({ length: 400 }, () => member))
    expect(body.length).toBeLessThan(8_000_000)
    await expectRefused({ coding: 'gzip', body }, 413, 'larger than 8000000 bytes')
  })

  test('has no valid credential, before it is unpacked', async () => {
    const body = Buffer.from('no gzip at all')
    const answers = await Promise.all(paths.map((path) => send(path, { coding: 'gzip', body, headers: {} })))
    for (const answer of answers) expect(JSON.stringify(answer.body)).toMatch(/UNAUTHENTICATED|NOT_AUTHENTICATED/)
  })
})
