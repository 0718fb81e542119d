import { expect } from 'vitest'
import type { ModelFinish } from '../../../src/models/model.ts'
import { createProviders } from '../../../src/models/providers.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { noAccess } from '../provider/no-access.ts'
import { callWith, user, type WireId } from '../provider/wire.ts'
import type { Reply } from './recorded.ts'

/** Everything that our provider tells of that answer. */
export async function replay(id: WireId, reply: Reply, settings: Readonly<Record<string, string>> = {}) {
  const access = { apiKey: 'sk-of-this-test', baseUrl: 'http://provider.test/v1' }
  const { providers } = opened(
    createProviders({
      access: { ...noAccess, openai: access, anthropic: access, compatible: access },
      fetch: async (_, init) => {
        if (init?.method !== 'POST') return new Response('', { status: 404 })
        const { status, body, contentType = 'application/json' } = reply
        return new Response(body === '' ? null : body, { status, headers: { 'content-type': contentType } })
      },
      clock: () => 0,
      sleep: (_, signal) => new Promise((_, reject) => signal.addEventListener('abort', reject, { once: true })),
      random: () => 0,
      maxInFlight: 1,
      silenceMs: 1000,
    }),
  )
  const model = providers.find((provider) => provider.id === id)?.open('m', settings)
  if (model === undefined || 'kind' in model) throw new Error(`${id} was refused`)
  const tools = [{ name: 'weather', description: 'Tells the weather.', parameters: { type: 'object' } }]
  const { fault, last, parts, ...said } = await callWith(model, {
    prompt: [user('What is the capital of France?')],
    tools,
  })
  const usage = parts.findLast((part) => part.type === 'usage' || part.type === 'finish')?.usage ?? null
  return { ...said, fault, end: last?.type === 'finish' ? last : null, usage }
}

type Told = Awaited<ReturnType<typeof replay>>

/** How a report is to be read: what its test expects of what was told. */
export type Reading = (told: Told) => void

export interface AnswerOptions {
  readonly finish?: ModelFinish
  readonly reasoning?: string
  readonly refusal?: string
  /** Input and output tokens; null: the provider told none. Default: 12 and 7. */
  readonly tokens?: readonly [number, number] | null
}

const paris = 'The capital of France is Paris.'

/** The model's words, whole. */
export function answers(text: string = paris, options: AnswerOptions = {}): Reading {
  const { finish = 'stop', reasoning = '', refusal, tokens = [12, 7] } = options
  return (told) => {
    expect(told.fault).toBeNull()
    expect(told).toMatchObject({ text, reasoning, calls: [], end: { finish } })
    expect(told.end?.refusal).toBe(refusal)
    expect([told.usage?.inputTokens, told.usage?.outputTokens]).toEqual(tokens ?? [0, 0])
  }
}

/** Calls of `weather` for these cities, each under an id of its own. */
export function calls(cities: readonly string[], ids?: readonly string[]): Reading {
  return (told) => {
    expect(told.fault).toBeNull()
    expect(told.end).toMatchObject({ finish: 'stop' })
    expect(told.calls.map(({ name, arguments: given }) => [name, JSON.parse(given)])).toEqual(
      cities.map((city) => ['weather', { city }]),
    )
    const given = told.calls.map(({ id }) => id)
    expect(new Set(given).size).toBe(cities.length)
    expect(given.every((id) => id.trim() !== '')).toBe(true)
    if (ids !== undefined) expect(given).toEqual(ids)
  }
}

interface FaultForm {
  readonly kind: 'rejected' | 'unavailable'
  readonly isRetryable: boolean
  readonly isThrottled?: boolean
  /** Whether the third of the same ends the run. */
  readonly isSame?: boolean
}

function faulty({ kind, isRetryable, isThrottled = false, isSame = false }: FaultForm) {
  return (
    words: string | RegExp,
    tokens: readonly [number, number] | null = null,
    retryAfterMs: number | null = null,
  ): Reading =>
    (told) => {
      const message = typeof words === 'string' ? words : expect.stringMatching(words)
      expect(told.fault).toMatchObject({ kind, isRetryable, isThrottled, message, retryAfterMs })
      expect((told.fault as { sameAs?: unknown }).sameAs).toEqual(isSame ? expect.any(String) : null)
      expect(told.calls).toEqual([])
      expect(told.end).toBeNull()
      expect(told.usage === null ? null : [told.usage.inputTokens, told.usage.outputTokens]).toEqual(tokens)
    }
}

/** MODEL_REJECTED, asked once. */
export const refuses = faulty({ kind: 'rejected', isRetryable: false })
/** MODEL_UNAVAILABLE, asked once: the key, the account or the address is wrong. */
export const isHopeless = faulty({ kind: 'unavailable', isRetryable: false })
/** Asked again, up to the bound of all faults. */
export const passes = faulty({ kind: 'unavailable', isRetryable: true })
/** Asked again, and fewer calls are made. */
export const throttles = faulty({ kind: 'unavailable', isRetryable: true, isThrottled: true })
/** Asked again; the third of the same ends the run. */
export const fails = faulty({ kind: 'unavailable', isRetryable: true, isSame: true })
