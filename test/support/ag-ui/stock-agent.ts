import { HttpAgent, type Message } from '@ag-ui/client'

export type RunInput = Parameters<HttpAgent['run']>[0]

/** What a stock client gets for a run: a stream that may break off. */
export type Answers = (input: RunInput) => AsyncIterable<string>

/** The stock client, its own checks on, whose server is a function. */
export function scriptedAgent(threadId: string, initialMessages: Message[], answers: Answers): HttpAgent {
  return new HttpAgent({
    url: 'http://agent.test/ag-ui/default',
    threadId,
    initialMessages,
    fetch: async (_url, { body }) => {
      const frames = answers(JSON.parse(String(body)))[Symbol.asyncIterator]()
      const stream = new ReadableStream<Uint8Array>({
        async pull(controller) {
          try {
            const { done, value } = await frames.next()
            if (done === true) controller.close()
            else controller.enqueue(new TextEncoder().encode(value))
          } catch (error) {
            controller.error(error)
          }
        },
      })
      return bearingBreaks(new Response(stream, { headers: { 'content-type': 'text/event-stream' } }))
    },
  })
}

export interface AgentOptions {
  /** Of the server. */
  readonly url: string
  readonly threadId?: string
  readonly credential?: string
  /** Who answers. */
  readonly agent?: string
  readonly messages?: Message[]
}

/** The stock client of a server. */
export function stockAgent({ url, threadId, credential, agent = 'default', messages = [] }: AgentOptions): HttpAgent {
  return new HttpAgent({
    url: `${url}/ag-ui/${agent}`,
    threadId: threadId ?? crypto.randomUUID(),
    initialMessages: messages,
    headers: credential === undefined ? {} : { authorization: `Bearer ${credential}` },
    fetch: async (address, init) => bearingBreaks(await fetch(address, init)),
  })
}

/** What a run has told, and how it has ended. */
export interface Watched {
  /** The types of its events, in order; those that are repeated once. */
  readonly types: string[]
  /** Its last event. */
  readonly end: Record<string, unknown> | undefined
}

/** Runs the agent, and says what its run has told. A stream that breaks off rejects. */
export async function runAgent(
  agent: HttpAgent,
  parameters: Parameters<HttpAgent['runAgent']>[0] = {},
): Promise<Watched> {
  const types: string[] = []
  let end: Record<string, unknown> | undefined
  await agent.runAgent(parameters, {
    onEvent({ event }) {
      if (types.at(-1) !== event.type) types.push(event.type)
      end = { ...event }
    },
  })
  return { types, end }
}

/** Says something to the agent. */
export function say(agent: HttpAgent, content: string, id: string = crypto.randomUUID()): void {
  agent.addMessage({ id, role: 'user', content })
}

/** What the agent's user sees: roles, texts and calls. */
export function seen(agent: HttpAgent): readonly unknown[] {
  return agent.messages.map((message) => {
    const calls = 'toolCalls' in message ? (message.toolCalls ?? []) : []
    const text = 'content' in message ? message.content : undefined
    if (calls.length === 0) return [message.role, text]
    const called = calls.map(({ function: { name, arguments: given } }) => `${name}(${given})`)
    return text === undefined ? [message.role, called] : [message.role, text, called]
  })
}

export interface AskedOfServer {
  readonly url: string
  /** Below `/ag-ui/`. */
  readonly path: string
  readonly credential?: string
  readonly body: object
}

/** Asks as another client may; the whole answer. `body`: of a refusal, which is JSON. */
export async function askServer({ url, path, credential, body }: AskedOfServer) {
  const authorization = credential === undefined ? {} : { authorization: `Bearer ${credential}` }
  const response = await fetch(`${url}/ag-ui/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
  return { status: response.status, text, body: isJson ? JSON.parse(text) : null }
}

/**
 * The same response. The client cancels a body that has broken off, and leaves the rejection of that to nobody, besides that of its
 * run: without this it would end a process of Node.
 */
function bearingBreaks(response: Response): Response {
  const { body } = response
  if (body === null) return response
  const getReader = () => {
    const reader = body.getReader()
    return { read: () => reader.read(), cancel: (reason?: unknown) => reader.cancel(reason).catch(() => {}) }
  }
  Object.defineProperty(response, 'body', { value: { getReader } })
  return response
}
