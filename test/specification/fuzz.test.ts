import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { schema } from '../../src/schema/index.ts'
import { graphqlOperation } from '../fuzz/graphql-operation.ts'
import { frame, sendBytes, upgradeRequest } from '../fuzz/raw-bytes.ts'
import { documentedErrors, type Result } from '../server/ask.ts'
import { type Service, startService } from '../support/start-service.ts'

/** Of all kinds together; `npm run test:fuzz` has more. */
const runs = Number(process.env['FUZZ_RUNS'] ?? 3000)
const seed = process.env['FUZZ_SEED'] === undefined ? {} : { seed: Number(process.env['FUZZ_SEED']) }
const acme = 'acme-key-0123456789'
const beta = 'beta-key-0123456789'
/** In everything that beta has. */
const marker = 'only-beta-may-see-this'

let service: Service
let betaIds: readonly string[]
let openHandles: number
beforeAll(async () => {
  service = await startService({
    model: 'demo/delayMs=0/words=1',
    env: { API_KEYS: `acme:${acme},beta:${beta}`, DISPATCHES_PER_MINUTE: '0' },
  })
  const bot = await ask(beta, `mutation { createBot(input: { name: "${marker}", backstory: "${marker}" }) { id } }`)
  const dispatched = await ask(
    beta,
    `mutation { dispatchConversation(input: { messages: [{ type: USER, text: "${marker}" }] }) { channelId } }`,
  )
  betaIds = [...JSON.stringify([bot, dispatched]).matchAll(/"(?:id|channelId)":"([^"]+)"/g)].map(([, id = '']) => id)
  expect(betaIds).toHaveLength(2)
  openHandles = process.getActiveResourcesInfo().length
})
afterAll(() => service.close())

async function send(key: string, body: string): Promise<{ readonly status: number; readonly text: string }> {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/graphql-response+json',
    authorization: `Bearer ${key}`,
  }
  const response = await fetch(`${service.url}/graphql`, { method: 'POST', headers, body })
  return { status: response.status, text: await response.text() }
}

async function ask(key: string, query: string): Promise<Result> {
  return JSON.parse((await send(key, JSON.stringify({ query }))).text)
}

async function expectUnharmed(): Promise<void> {
  expect(await ask(acme, '{ __typename }')).toEqual({ data: { __typename: 'Query' } })
  expect(JSON.stringify(await ask(beta, `{ dispatch(channelId: "${betaIds[1]}") { messages { text } } }`))).toContain(
    marker,
  )
}

test('no operation that the schema allows, or nearly, breaks the server or opens another account', async () => {
  const draw = graphqlOperation(schema, ['bot_0123456789012345678901', 'a-channel-of-nobody', ...betaIds])
  let valid = 0
  await fc.assert(
    fc.asyncProperty(fc.gen(), async (g) => {
      const { status, text } = await send(acme, JSON.stringify(draw(g)))
      expect(status === 503 || status < 500, text).toBe(true)
      expect(text).not.toContain(marker)
      const result = JSON.parse(text) as Result
      for (const { extensions, message } of documentedErrors([result]))
        expect(extensions?.code, message).not.toBe('INTERNAL')
      if (result.errors === undefined) valid += 1
    }),
    { numRuns: Math.ceil(runs * 0.8), ...seed },
  )
  // Drawn so that much of it gets past the checks.
  expect(valid).toBeGreaterThan(runs * 0.1)
  await expectUnharmed()
}, 120_000)

test('no bytes at the port break the server, as HTTP or as WebSocket frames, and nothing of them stays', async () => {
  const request = Buffer.from(
    `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 26\r\n\r\n{"query":"{ __typename }"}`,
  )
  const init = frame(1, Buffer.from(`{"type":"connection_init","payload":{"authorization":"Bearer ${acme}"}}`))
  const bytes = fc.uint8Array({ maxLength: 300 })
  const damaged = fc
    .tuple(bytes, fc.nat({ max: request.length }), fc.nat({ max: 20 }))
    .map(([noise, at, cut]) => Buffer.concat([request.subarray(0, at), noise, request.subarray(at + cut)]))
  const frames = fc
    .array(
      fc.oneof(
        bytes,
        fc.tuple(fc.nat({ max: 15 }), bytes).map(([opcode, payload]) => frame(opcode, payload)),
      ),
      { maxLength: 5 },
    )
    .map((parts) => Buffer.concat([upgradeRequest(), init, ...parts]))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(bytes, damaged, frames), { minLength: 20, maxLength: 20 }), async (all) => {
      const answers = await Promise.all(all.map((each) => sendBytes(service.url, each, 50)))
      for (const answer of answers) {
        expect(answer).not.toMatch(/^HTTP\/1\.1 5(?!03)/)
        expect(answer).not.toContain(marker)
      }
    }),
    { numRuns: Math.ceil((runs * 0.2) / 20), ...seed },
  )
  await expectUnharmed()
  await expect
    .poll(() => process.getActiveResourcesInfo().length, { timeout: 10_000 })
    .toBeLessThanOrEqual(openHandles + 10)
}, 120_000)
