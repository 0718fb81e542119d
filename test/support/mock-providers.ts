import { LLMock } from '@copilotkit/aimock'

export interface MockProviders {
  readonly mock: LLMock
  /** The environment with which the service talks to the mock as to all of its providers. */
  readonly env: Readonly<Record<string, string>>
  readonly calls: number
  close(): Promise<void>
}

/** What the mock does on a request, counted from 1. */
export type Behaviour = (call: number) => 'answer' | 'throttle' | 'cut' | 'fail' | 'fall silent'

/** A mock of OpenAI, Anthropic and a compatible server, on their own wire formats, that says `content` and misbehaves as told. */
export async function startMockProviders(
  content: string,
  behaviour: Behaviour = () => 'answer',
): Promise<MockProviders> {
  const mock = new LLMock({ port: 0, journalMaxEntries: 0 })
  const numbers = new WeakMap<object, number>()
  let calls = 0
  const does = (request: object): ReturnType<Behaviour> => {
    const known = numbers.get(request)
    if (known === undefined) numbers.set(request, ++calls)
    return behaviour(known ?? calls)
  }
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
  mock.on({ predicate: (request) => does(request) === 'fall silent' }, { content }, { chunkSize: 40, latency: 4000 })
  mock.on({}, { content }, { chunkSize: 8 })
  const url = await mock.start()
  return {
    mock,
    env: {
      OPENAI_API_KEY: 'sk-openai-secret',
      OPENAI_BASE_URL: `${url}/v1`,
      ANTHROPIC_API_KEY: 'sk-anthropic-secret',
      ANTHROPIC_BASE_URL: url,
      OPENAI_COMPATIBLE_BASE_URL: `${url}/v1`,
    },
    get calls() {
      return calls
    },
    close: async () => void (await mock.stop()),
  }
}
