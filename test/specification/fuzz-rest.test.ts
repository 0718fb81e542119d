import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FuzzedRequest, type OpenApi, restRequest } from '../fuzz/rest-request.ts'
import { type Service, startService } from '../support/start-service.ts'

const runs = Number(process.env['FUZZ_RUNS'] ?? 3000)
const seed = process.env['FUZZ_SEED'] === undefined ? {} : { seed: Number(process.env['FUZZ_SEED']) }
const keys = { acme: 'acme-key-0123456789', beta: 'beta-key-0123456789' } as const
const marker = 'only-beta-may-see-this'

let service: Service
let betaBot: string
beforeAll(async () => {
  service = await startService({
    model: 'demo/delayMs=0/words=1',
    env: { API_KEYS: `acme:${keys.acme},beta:${keys.beta}`, DISPATCHES_PER_MINUTE: '0' },
  })
  const body = JSON.stringify({ name: marker, backstory: marker })
  const created = await send('beta', { method: 'POST', path: '/v1/bot/create', body })
  betaBot = JSON.parse(created.text).id
  expect(betaBot).toMatch(/^bot_/)
})
afterAll(() => service.close())

/** As much of the answer as comes in a moment: a channel that never had a run is streamed for ever. */
async function send(account: keyof typeof keys, { method, path, body }: FuzzedRequest) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${keys[account]}` }
  const signal = AbortSignal.timeout(200)
  const response = await fetch(`${service.url}${path}`, { method, headers, signal, ...(body === null ? {} : { body }) })
  const text = await response.text().catch((error: unknown) => {
    if (signal.aborted) return ''
    throw error
  })
  return { status: response.status, text }
}

/** `/graphql` is among the paths, and tells errors in its own form. */
function codeOf(body: { code?: unknown; errors?: readonly { extensions: { code: unknown } }[] }): unknown {
  return body.errors === undefined ? body.code : body.errors[0]?.extensions.code
}

test('no request that the OpenAPI document allows, or nearly, breaks the server or opens another account', async () => {
  const document = (await (await fetch(`${service.url}/openapi.json`)).json()) as OpenApi
  const { servers = [] } = document as { servers?: readonly { url: string }[] }
  const base = new URL(servers[0]?.url ?? '/', service.url).pathname.replace(/\/$/, '')
  const draw = restRequest(document, ['bot_0123456789012345678901', 'a-channel-of-nobody', betaBot])
  const statuses = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (g) => {
      const request = draw(g)
      const { status, text } = await send('acme', { ...request, path: `${base}${request.path}` })
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      const about = `${JSON.stringify(request)} ${status} ${text}`
      expect(status === 503 || status === 501 || status < 500, about).toBe(true)
      expect(text, about).not.toContain(marker)
      if (status >= 400) expect(codeOf(JSON.parse(text)), about).toMatch(/^[A-Z_]+$/)
    }),
    { numRuns: Math.ceil(runs / 8), ...seed },
  )
  // Drawn so that much of it gets past the checks.
  expect(statuses.get(200) ?? 0).toBeGreaterThan(runs / 200)
}, 300_000)
