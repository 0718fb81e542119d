import { LLMock } from '@copilotkit/aimock'
import type { Model, ModelCall, ModelPart, PromptMessage } from '../../../src/models/model.ts'
import { createProviders, type ProvidersOptions } from '../../../src/models/providers.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { noAccess } from './no-access.ts'

/** Provider, one of its models, and what a made-up key looks like to it. */
export const wires = [
  ['openai', 'gpt-5.4'],
  ['openai-chat', 'gpt-5.4'],
  ['anthropic', 'claude-sonnet-4-5'],
  ['compatible', 'deepseek-r1'],
] as const

export type WireId = (typeof wires)[number][0]

export interface SentRequest {
  readonly url: string
  readonly headers: Headers
  readonly body: Readonly<Record<string, unknown>>
}

/** Changes an event stream, event by event as they stand on the wire; for what the mock cannot be told to do. */
type Edit = (events: readonly string[]) => readonly string[]

export interface Wire {
  readonly mock: LLMock
  /** What was posted, as it went out. */
  readonly sent: SentRequest[]
  edit: Edit | null
  /** Bytes that come at once; null: as the mock sends them. */
  pieceLength: number | null
  /** Pieces that have been taken so far. */
  taken: number
  /** Until an answer that comes in pieces is left before its end. */
  readonly left: Promise<void>
  open(id: string, name: string, settings?: Readonly<Record<string, string>>): Model
}

/** A mock of all providers, and ours that talk to it through a fetch that records and edits. */
export async function startWire(options: Partial<ProvidersOptions> = {}): Promise<Wire> {
  const mock = opened(new LLMock({ port: 0, strict: true }), (it) => it.stop())
  const url = await mock.start()

  const left = Promise.withResolvers<void>()
  const wireFetch: typeof fetch = async (input, init) => {
    if (init?.method === 'POST') {
      wire.sent.push({ url: String(input), headers: new Headers(init.headers), body: JSON.parse(String(init.body)) })
    }
    const response = await fetch(input, init)
    if (!response.ok || response.body === null || (wire.edit === null && wire.pieceLength === null)) return response
    const text = await response.text()
    const edited = wire.edit === null ? text : wire.edit(text.split('\n\n')).join('\n\n')
    return new Response(inPieces(Buffer.from(edited), wire, left.resolve), response)
  }
  const { providers } = opened(
    createProviders({
      access: {
        ...noAccess,
        openai: { apiKey: 'sk-openai-secret', baseUrl: `${url}/v1` },
        anthropic: { apiKey: 'sk-anthropic-secret', baseUrl: url },
        compatible: { apiKey: 'sk-compatible-secret', baseUrl: `${url}/v1` },
      },
      fetch: wireFetch,
      clock: () => 0,
      sleep: (_, signal) => new Promise((_, reject) => signal.addEventListener('abort', reject, { once: true })),
      random: () => 0,
      maxInFlight: 10,
      silenceMs: 1000,
      ...options,
    }),
  )

  const wire: Wire = {
    mock,
    sent: [],
    edit: null,
    pieceLength: null,
    taken: 0,
    left: left.promise,
    open(id, name, settings = {}) {
      const opened = providers.find((provider) => provider.id === id)?.open(name, settings)
      if (opened === undefined || 'kind' in opened) throw new Error(`${id}:${name} was refused`)
      return opened
    },
  }
  return wire
}

function inPieces(bytes: Uint8Array, wire: Wire, onLeft: () => void): ReadableStream<Uint8Array> {
  const length = wire.pieceLength ?? Number.POSITIVE_INFINITY
  let position = 0
  return new ReadableStream({
    pull(controller) {
      wire.taken += 1
      controller.enqueue(bytes.slice(position, position + length))
      position += length
      if (position >= bytes.length) controller.close()
    },
    cancel: onLeft,
  })
}

const idle = new AbortController().signal

export function user(text: string): PromptMessage {
  return { role: 'user', text }
}

/** Everything a call says; the fault as well where it ends with one. */
export function call(model: Model, prompt: readonly PromptMessage[], signal = idle) {
  return callWith(model, { prompt, signal })
}

export async function callWith(
  model: Model,
  { signal = idle, ...asked }: Omit<ModelCall, 'signal'> & { signal?: AbortSignal },
) {
  const parts: ModelPart[] = []
  const fault = await (async () => {
    for await (const part of model.stream({ ...asked, signal })) parts.push(part)
    return null
  })().catch((error: unknown) => error)
  const said = (type: 'text' | 'reasoning') => parts.map((part) => (part.type === type ? part.text : '')).join('')
  const calls = parts.filter((part) => part.type === 'call')
  return { parts, fault, text: said('text'), reasoning: said('reasoning'), calls, last: parts.at(-1) }
}

/** Replaces what is in an event's JSON. */
export function patched(event: string, change: (data: Record<string, unknown>) => unknown): string {
  return event.replace(/^data: (\{.*\})$/m, (_, json: string) => `data: ${JSON.stringify(change(JSON.parse(json)))}`)
}
