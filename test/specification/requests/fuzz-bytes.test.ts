import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { batchSize, fuzzRuns, fuzzTimeoutMs, tally } from '../../fuzz/fuzz-runs.ts'
import { type FuzzedService, startFuzzedService } from '../../fuzz/fuzzed-service.ts'
import { codesOf } from '../../fuzz/judge-answer.ts'
import { frame, sendBytes, upgradeRequest } from '../../fuzz/raw-bytes.ts'

let service: FuzzedService
beforeAll(async () => {
  service = await startFuzzedService()
})

const bytes = fc.uint8Array({ maxLength: 300 })

/** A request with noise somewhere in it, or something of it missing. */
function damaged(request: string): fc.Arbitrary<Uint8Array> {
  const whole = Buffer.from(request)
  return fc
    .tuple(bytes, fc.nat({ max: whole.length }), fc.nat({ max: 20 }))
    .map(([noise, at, cut]) => Buffer.concat([whole.subarray(0, at), noise, whole.subarray(at + cut)]))
}

const init = frame(
  1,
  Buffer.from('{"type":"connection_init","payload":{"authorization":"Bearer acme-key-0123456789"}}'),
)
const frames = fc
  .array(
    fc.oneof(
      bytes,
      fc.tuple(fc.nat({ max: 15 }), bytes).map(([opcode, payload]) => frame(opcode, payload)),
      fc.json().map((text) => frame(1, Buffer.from(text))),
    ),
    { maxLength: 5 },
  )
  .map((parts) => Buffer.concat([upgradeRequest(), init, ...parts]))

/** What follows what was refused may be taken for a request of its own. */
function firstBody(answer: string): string {
  return (answer.split('\r\n\r\n')[1] ?? '').split(/HTTP\/1\.1 \d{3} /)[0] ?? ''
}

const ports = {
  'the API’s port': {
    of: ({ url }: FuzzedService) => url,
    input: fc.oneof(
      bytes,
      frames,
      damaged(
        'POST /graphql HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer acme-key-0123456789\r\nContent-Type: application/json\r\nContent-Length: 26\r\n\r\n{"query":"{ __typename }"}',
      ),
      damaged(
        'POST /v1/bot/create HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer acme-key-0123456789\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
      ),
    ),
  },
  'the metrics’ port': {
    of: ({ metricsUrl }: FuzzedService) => metricsUrl,
    input: fc.oneof(bytes, damaged('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n')),
  },
} as const

test.each(Object.entries(ports))(
  'no bytes at %s break the server, and nothing of them stays',
  async (name, { of, input }) => {
    const { counts, add, tell } = tally(name)
    const isApi = name === 'the API’s port'
    await service.leavesNothing((part) =>
      fc.assert(
        fc.asyncProperty(fc.array(input, { minLength: batchSize, maxLength: batchSize }), async (all) => {
          for (const answer of await Promise.all(all.map((each) => sendBytes(of(service), each, 400)))) {
            const status = Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0)
            expect(status < 500 || status === 503, answer).toBe(true)
            service.expectNothingForeign(answer)
            if (isApi && status >= 400) expect(codesOf(firstBody(answer)), answer).not.toEqual([])
            add(String(status))
          }
        }),
        fuzzRuns('bytes', part * (isApi ? 0.8 : 0.2)),
      ),
    )
    tell()
    expect(counts['400']).toBeGreaterThan(0)
  },
  fuzzTimeoutMs,
)
