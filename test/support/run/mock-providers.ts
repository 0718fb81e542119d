import { type ChatCompletionRequest, LLMock } from '@copilotkit/aimock'
import { opened } from '../lifetime/opened.ts'
import { providerEnv } from './provider-env.ts'

export interface MockProviders {
  readonly mock: LLMock
  /** The environment with which the service talks to the mock as to all of its providers. */
  readonly env: Readonly<Record<string, string>>
  readonly calls: number
  close(): Promise<void>
}

/** What the mock does on a request, counted from 1. The request is as chat completions have it, whatever came in. */
export type Behaviour = (call: number, request: ChatCompletionRequest) => Act

export type Act = 'answer' | 'throttle' | 'cut' | 'fail' | 'fall silent' | MockCalls

/** Function calls instead of an answer; `arguments` is what the model writes, which may be no JSON. */
export interface MockCalls {
  readonly calls: readonly { readonly name: string; readonly arguments: string; readonly id?: string }[]
  /** The stream breaks off in the middle of the first call's arguments, which must be 100 characters or more. */
  readonly isCut?: boolean
}

/** A mock of OpenAI, Anthropic and a compatible server, on their own wire formats, that says `content` and misbehaves as told. @param latencyMs before each chunk of an answer. */
export async function startMockProviders(
  content: string,
  behaviour: Behaviour = () => 'answer',
  { latencyMs = 0 }: { readonly latencyMs?: number } = {},
): Promise<MockProviders> {
  const mock = new LLMock({ port: 0, journalMaxEntries: 0 })
  const acts = new WeakMap<object, Act>()
  let calls = 0
  const does = (request: ChatCompletionRequest): Act => {
    const known = acts.get(request)
    if (known !== undefined) return known
    const act = behaviour(++calls, request)
    acts.set(request, act)
    return act
  }
  const callsOf = (request: ChatCompletionRequest): MockCalls | null => {
    const act = does(request)
    return typeof act === 'string' ? null : act
  }
  const saidCalls = (request: ChatCompletionRequest) => ({ toolCalls: [...(callsOf(request)?.calls ?? [])] })
  mock.on(
    { predicate: (request) => does(request) === 'throttle' },
    {
      error: { message: 'Slow down.', type: 'rate_limit_error', code: 'rate_limit_exceeded' },
      status: 429,
      retryAfter: 0,
    },
  )
  mock.on(
    { predicate: (request) => does(request) === 'fail' },
    { error: { message: 'This model does not like you.', type: 'invalid_request_error', code: 'bad' }, status: 400 },
  )
  // The socket is destroyed right behind the last write: without a latency it would take that along.
  mock.on(
    { predicate: (request) => does(request) === 'cut' },
    { content },
    { chunkSize: 8, latency: 1, truncateAfterChunks: 20 },
  )
  // Two chunks: the mock writes on, with its timers, behind a client that has gone.
  mock.on({ predicate: (request) => does(request) === 'fall silent' }, { content }, { chunkSize: 400, latency: 1500 })
  mock.on({ predicate: (request) => callsOf(request)?.isCut === true }, saidCalls, {
    chunkSize: 8,
    latency: 1,
    truncateAfterChunks: 10,
  })
  mock.on({ predicate: (request) => callsOf(request) !== null }, saidCalls, { chunkSize: 8 })
  mock.on({}, { content }, { chunkSize: 8, latency: latencyMs })
  const url = await mock.start()
  let closed: Promise<void> | null = null
  return opened({
    mock,
    env: providerEnv(url),
    get calls() {
      return calls
    },
    close() {
      closed ??= mock.stop()
      return closed
    },
  })
}
