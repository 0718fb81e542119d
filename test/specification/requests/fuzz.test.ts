import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { schema } from '../../../src/api/graphql/schema.ts'
import { batchSize, fuzzRuns, fuzzTimeoutMs, tally } from '../../fuzz/fuzz-runs.ts'
import { type FuzzedService, startFuzzedService } from '../../fuzz/fuzzed-service.ts'
import { graphqlOperation } from '../../fuzz/graphql-operation.ts'
import { codesOf, expectNoBreakdown } from '../../fuzz/judge-answer.ts'
import { openEventStream, openWebsocket } from '../../fuzz/open-subscription.ts'
import { patientFetch } from '../../fuzz/patient-fetch.ts'

let service: FuzzedService
beforeAll(async () => {
  service = await startFuzzedService()
})

async function post(authorization: string | null, body: string) {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/graphql-response+json',
    ...(authorization !== null && { authorization }),
  }
  const response = await patientFetch(`${service.url}/graphql`, { method: 'POST', headers, body })
  return { status: response.status, text: await response.text() }
}

test(
  'no operation that the schema allows, or nearly, breaks the server or opens another account',
  async () => {
    const draw = graphqlOperation(schema, service.ids, ['query', 'query', 'query', 'mutation'])
    const { counts, add, tell } = tally('operations')
    await service.leavesNothing((part) =>
      fc.assert(
        fc.asyncProperty(fc.gen(), async (g) => {
          const drawn = Array.from({ length: batchSize }, () => [draw(g), service.drawCaller(g)] as const)
          await Promise.all(
            drawn.map(async ([operation, { authorization, isKnown }]) => {
              const { status, text } = await post(authorization, JSON.stringify(operation))
              const about = `${JSON.stringify(operation)} ${authorization} ${status} ${text}`
              expectNoBreakdown(status, about)
              service.expectNothingForeign(text)
              const codes = codesOf(text)
              if (!isKnown) expect([status, ...codes], about).toEqual([401, 'UNAUTHENTICATED'])
              add(isKnown ? (codes[0] ?? 'fine') : 'unknown')
            }),
          )
        }),
        fuzzRuns('operations', part),
      ),
    )
    tell()
    // Drawn so that much of it gets past the checks.
    expect(counts['fine']).toBeGreaterThan((counts['unknown'] ?? 0) / 4)
  },
  fuzzTimeoutMs,
)

test.each([
  ['WebSocket', openWebsocket],
  ['SSE', openEventStream],
] as const)(
  'no subscription over %s does, and none is left behind',
  async (name, open) => {
    const draw = graphqlOperation(schema, service.channels, ['subscription'])
    const { counts, add, tell } = tally(name)
    await service.leavesNothing((part) =>
      fc.assert(
        fc.asyncProperty(fc.gen(), async (g) => {
          const drawn = Array.from({ length: batchSize }, () => [draw(g), service.drawCaller(g)] as const)
          await Promise.all(
            drawn.map(async ([operation, { authorization, isKnown }]) => {
              const { results, closed } = await open(operation, { url: service.url, authorization })
              const about = `${JSON.stringify(operation)} ${authorization} ${closed} ${results}`
              service.expectNothingForeign(results.join('\n'))
              const codes = results.flatMap(codesOf)
              if (!isKnown) expect(closed ?? codes[0], about).toBe(name === 'SSE' ? 'UNAUTHENTICATED' : 4401)
              else if (closed !== null) expect([closed, codes.length], about).toEqual([400, 1])
              add(isKnown ? (codes[0] ?? (results.length > 0 ? 'fine' : 'silent')) : 'unknown')
            }),
          )
        }),
        fuzzRuns('subscriptions', part / 2),
      ),
    )
    tell()
    // Accepted; on a busy machine their first results take longer than the patience.
    expect((counts['fine'] ?? 0) + (counts['silent'] ?? 0)).toBeGreaterThan(0)
  },
  fuzzTimeoutMs,
)
