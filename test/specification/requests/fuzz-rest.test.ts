import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { batchSize, fuzzRuns, fuzzTimeoutMs, tally } from '../../fuzz/fuzz-runs.ts'
import { type FuzzedService, startFuzzedService } from '../../fuzz/fuzzed-service.ts'
import { codesOf, expectNoBreakdown } from '../../fuzz/judge-answer.ts'
import { oddHeaders } from '../../fuzz/odd-headers.ts'
import { patientFetch } from '../../fuzz/patient-fetch.ts'
import { type FuzzedRequest, type OpenApi, restRequest } from '../../fuzz/rest-request.ts'

let service: FuzzedService
beforeAll(async () => {
  service = await startFuzzedService()
})

interface Answer {
  readonly status: number
  readonly type: string
  readonly text: string
}

/**
 * As much of the answer as comes in a moment: a channel that never had a run is streamed for ever. Null where not even a status
 * does, as of a completion whose run waits for an answer.
 */
async function send(
  { method, path, body }: FuzzedRequest,
  headers: Readonly<Record<string, string>>,
): Promise<Answer | null> {
  const signal = AbortSignal.timeout(path.includes('/complete') ? 500 : 5000)
  const request = { method, headers, signal, ...(body === null ? {} : { body }) }
  const response = await patientFetch(`${service.url}${path}`, request).catch((error: unknown) => {
    if (signal.aborted && path.includes('/complete')) return null
    // Cut off in the middle of what is too much to be read: the refusal is lost with the connection now and then.
    if (JSON.stringify(headers).length > 12_000) return null
    throw error
  })
  if (response === null) return null
  const { status } = response
  const type = response.headers.get('content-type') ?? ''
  let text = ''
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  const isStream = status === 200 && /jsonl|event-stream/.test(type)
  const leave = isStream ? setTimeout(() => void reader?.cancel().catch(() => {}), 100) : undefined
  try {
    for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) text += read.value
  } catch (error) {
    // An awaited completion that began to answer in the last moment.
    if (!signal.aborted) throw error
    return null
  } finally {
    clearTimeout(leave)
  }
  return { status, type, text }
}

/** GraphQL's answers, refusals too, come as events where they are asked for as such. */
function jsonOf(type: string, text: string): readonly string[] {
  if (/^application\/(graphql-response\+)?json(;|$)/.test(type)) return [text]
  return [...text.matchAll(/^event: next\ndata: ?(.*)$/gm)].map(([, data = '']) => data)
}

test(
  'no request that the OpenAPI document allows, or nearly, breaks the server or opens another account',
  async () => {
    const document = (await (await fetch(`${service.url}/openapi.json`)).json()) as OpenApi
    const draw = restRequest(document, service.ids)
    const { counts, add, tell } = tally('endpoints')
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
              const prefix = request.path.length % 2 === 0 ? '/v1' : '/api/v1'
              const answer = await send(
                { ...request, path: `${prefix}${request.path}` },
                { ...headers, ...(authorization !== null && { authorization }) },
              )
              if (answer === null) return add('unanswered')
              const { status, text, type } = answer
              const about = JSON.stringify([request, headers, authorization, answer]).replace(/(.)\1{50,}/g, '$1…')
              expectNoBreakdown(status, about)
              service.expectNothingForeign(text)
              const codes = jsonOf(type, text).flatMap(codesOf)
              if (status >= 400) expect(codes, about).not.toEqual([])
              // What can be neither read nor answered is refused before anyone asks who it comes from.
              if (!isKnown && status !== 406 && status !== 431)
                expect(about).toMatch(/NOT_AUTHENTICATED|UNAUTHENTICATED/)
              add(isKnown ? String(status) : 'unknown')
            }),
          )
        }),
        fuzzRuns('endpoints', part),
      ),
    )
    tell()
    // Drawn so that much of it gets past the checks.
    expect(counts['200']).toBeGreaterThan((counts['unknown'] ?? 0) / 4)
  },
  fuzzTimeoutMs,
)
