import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { agUiDocument } from '../../fuzz/ag-ui-document.ts'
import { batchSize, fuzzRuns, fuzzTimeoutMs, tally } from '../../fuzz/fuzz-runs.ts'
import { type FuzzedService, startFuzzedService } from '../../fuzz/fuzzed-service.ts'
import { expectNoBreakdown } from '../../fuzz/judge-answer.ts'
import { oddHeaders } from '../../fuzz/odd-headers.ts'
import { patientFetch } from '../../fuzz/patient-fetch.ts'
import { type FuzzedRequest, restRequest } from '../../fuzz/rest-request.ts'

let service: FuzzedService
beforeAll(async () => {
  service = await startFuzzedService()
})

/** As much of the answer as comes in a moment; null where the run waits for something, or what is refused is too much to be read. */
async function send({ method, path, body }: FuzzedRequest, headers: Readonly<Record<string, string>>) {
  const signal = AbortSignal.timeout(1000)
  const request = { method, headers, signal, ...(body === null ? {} : { body }) }
  try {
    const response = await patientFetch(`${service.url}${path}`, request)
    return { status: response.status, text: await response.text() }
  } catch (error) {
    if (signal.aborted || JSON.stringify(headers).length > 12_000) return null
    throw error
  }
}

test(
  'no request to the facade of AG-UI breaks the server or opens another account',
  async () => {
    const draw = restRequest(agUiDocument, service.ids)
    const { counts, add, tell } = tally('ag-ui')
    await service.leavesNothing((part) =>
      fc.assert(
        fc.asyncProperty(fc.gen(), async (g) => {
          const drawn = Array.from({ length: batchSize }, () => ({
            request: draw(g),
            headers: oddHeaders(g),
            caller: service.drawCaller(g),
          }))
          await Promise.all(
            drawn.map(async ({ request, headers, caller: { authorization, isKnown } }) => {
              const answer = await send(request, { ...headers, ...(authorization !== null && { authorization }) })
              if (answer === null) return add('unanswered')
              const { status, text } = answer
              const about = JSON.stringify([request, headers, authorization, answer]).replace(/(.)\1{50,}/g, '$1…')
              expectNoBreakdown(status, about)
              service.expectNothingForeign(text)
              // The client shows it as it is.
              if (status >= 400) expect(text, about).toMatch(/^\S.+/)
              if (!isKnown && status !== 431) expect(status, about).toBe(401)
              add(isKnown ? String(status) : 'unknown')
            }),
          )
        }),
        fuzzRuns('facades', part),
      ),
    )
    tell()
    expect(counts['400']).toBeGreaterThan(0)
  },
  fuzzTimeoutMs,
)
