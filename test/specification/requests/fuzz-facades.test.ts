import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { agUiDocument } from '../../fuzz/ag-ui-document.ts'
import { aiSdkDocument } from '../../fuzz/ai-sdk-document.ts'
import { batchSize, fuzzRuns, fuzzTimeoutMs, tally } from '../../fuzz/fuzz-runs.ts'
import { type FuzzedService, startFuzzedService } from '../../fuzz/fuzzed-service.ts'
import { expectNoBreakdown } from '../../fuzz/judge-answer.ts'
import { oddHeaders } from '../../fuzz/odd-headers.ts'
import { openaiDocument } from '../../fuzz/openai-document.ts'
import { patientFetch } from '../../fuzz/patient-fetch.ts'
import { type FuzzedRequest, type OpenApi, restRequest } from '../../fuzz/rest-request.ts'

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

/** Its clients show what is refused as it is. */
function expectText(text: string, _status: number, about: string): void {
  expect(text, about).toMatch(/^\S.+/)
}

/** Its client sends a 409 again, and reads these fields of what is refused. */
function expectOpenaiError(text: string, status: number, about: string): void {
  expect(status, about).not.toBe(409)
  const { error } = JSON.parse(text) as { readonly error: object }
  expect(error, about).toEqual({
    message: expect.any(String),
    type: expect.any(String),
    param: expect.toSatisfy((param: unknown) => param === null || typeof param === 'string'),
    code: expect.not.stringContaining('internal'),
  })
}

interface Facade {
  readonly document: OpenApi
  readonly expectRefusal: (text: string, status: number, about: string) => void
  /** Counted by this name. */
  readonly operation: string
}

const facades: Readonly<Record<string, Facade>> = {
  'ag-ui': { document: agUiDocument, expectRefusal: expectText, operation: 'POST /ag-ui/:agent' },
  'ai-sdk': { document: aiSdkDocument, expectRefusal: expectText, operation: 'POST /ai-sdk/chat' },
  openai: { document: openaiDocument, expectRefusal: expectOpenaiError, operation: 'POST /openai/v1/responses' },
}

describe.each(Object.entries(facades))('the facade %s', (name, { document, expectRefusal, operation }) => {
  test(
    'breaks under no request, and opens no other account',
    async () => {
      const draw = restRequest(document, service.ids)
      const { counts, add, tell } = tally(name)
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
                if (status >= 400) expectRefusal(text, status, about)
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
      const metrics = await (await fetch(service.metricsUrl)).text()
      const counted = metrics.split('\n').filter((line) => line.includes(`{operation="${operation}",`))
      expect(counted.some((line) => /\} [1-9]/.test(line))).toBe(true)
    },
    fuzzTimeoutMs,
  )
})
