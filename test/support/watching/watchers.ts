import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import type { Service } from '../service/start-service.ts'

/** An event as every watcher below gets it. */
export interface SeenEvent {
  readonly __typename: string
  readonly cursor: string
  readonly messageId?: string
  readonly position?: number
  readonly text?: string
  readonly message?: { readonly id: string; readonly type: string; readonly text: string; readonly meta: unknown }
  readonly result?: { readonly text: string; readonly finishReason: string }
  readonly error?: { readonly code: string; readonly message: string }
  readonly attempt?: number
  readonly call?: SeenCall
  readonly resultChannelId?: string | null
  readonly data?: unknown
  readonly payload?: unknown
}

export interface SeenCall {
  readonly id: string
  readonly name: string
  readonly arguments: unknown
  readonly answer: string
  readonly deadline: string | null
}

export interface Watching extends AsyncIterable<SeenEvent> {
  /** Drops the connection, as a network does. The iteration then ends without a word. */
  cut(): void
}

export interface WatchVariables {
  readonly channelId: string
  readonly after?: string | null
  readonly last?: number | null
}

const query = `subscription Watch($channelId: ID!, $after: Cursor, $last: Int) {
  channelEvents(channelId: $channelId, after: $after, last: $last) {
    __typename cursor
    ... on TextDelta { messageId position text }
    ... on ReasoningDelta { messageId position text }
    ... on MessageDiscarded { messageId }
    ... on MessageCompleted { message { id type text meta } }
    ... on DispatchStarted { attempt }
    ... on FunctionCallRequested { call { ...Call } }
    ... on FunctionResultAwaited { call { ...Call } resultChannelId }
    ... on FunctionCallCompleted { call { ...Call } data }
    ... on FunctionCallFailed { call { ...Call } error { code message } }
    ... on ChannelMessagePublished { payload }
    ... on DispatchCompleted { result { text finishReason } }
    ... on DispatchFailed { error { code message } }
  }
}
fragment Call on FunctionCall { id name arguments answer deadline }`

/** A subscription that was answered with errors. */
class WatchError extends Error {
  readonly code: unknown
  constructor(errors: readonly { message: string; extensions?: Record<string, unknown> }[]) {
    super(errors.map(({ message }) => message).join('; '))
    this.code = errors[0]?.extensions?.['code']
  }
}

interface Result {
  readonly data?: { readonly channelEvents: SeenEvent } | null
  readonly errors?: readonly { message: string; extensions?: Record<string, unknown> }[]
}

function eventOf({ data, errors }: Result): SeenEvent {
  if (errors !== undefined || data == null) throw new WatchError(errors ?? [])
  return data.channelEvents
}

/** graphql-ws lets go of a socket that is cut before it is open, and ws then throws. */
class CuttableSocket extends WebSocket {
  constructor(...args: ConstructorParameters<typeof WebSocket>) {
    super(...args)
    this.on('error', () => {})
  }
}

/** Over a WebSocket of its own, without retries. */
export function watchWebsocket(service: Service, variables: WatchVariables): Watching {
  const client = createClient({ url: service.wsUrl, webSocketImpl: CuttableSocket, retryAttempts: 0, lazy: true })
  let isCut = false
  return {
    cut() {
      isCut = true
      client.terminate()
    },
    async *[Symbol.asyncIterator]() {
      try {
        for await (const result of client.iterate({ query, variables: { ...variables } }))
          yield eventOf(result as Result)
      } catch (error) {
        if (!isCut) throw Array.isArray(error) ? new WatchError(error) : error
      } finally {
        await client.dispose()
      }
    },
  }
}

/** Over Server-Sent Events, a request of its own. */
function watchSse(service: Service, variables: WatchVariables): Watching {
  const abort = new AbortController()
  return {
    cut: () => abort.abort(),
    async *[Symbol.asyncIterator]() {
      try {
        const response = await fetch(`${service.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
          body: JSON.stringify({ query, variables }),
          signal: abort.signal,
        })
        for await (const result of sseResults(response)) yield eventOf(result)
      } catch (error) {
        if (!abort.signal.aborted) throw error
      }
    },
  }
}

async function* sseResults(response: Response): AsyncGenerator<Result> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of response.body ?? []) {
    rest += decoder.decode(chunk, { stream: true })
    const messages = rest.split('\n\n')
    rest = messages.pop() ?? ''
    for (const message of messages) {
      const data = message.split('\n').find((line) => line.startsWith('data: '))
      if (data !== undefined) yield JSON.parse(data.slice('data: '.length)) as Result
    }
  }
}

export const transports = [
  ['WebSocket', watchWebsocket],
  ['Server-Sent Events', watchSse],
] as const

/** All events to the end. */
export async function collect(watching: Watching): Promise<SeenEvent[]> {
  const events: SeenEvent[] = []
  for await (const event of watching) events.push(event)
  return events
}

/** What was seen, in a form that does not depend on how deltas were joined: facts by cursor, texts as one. */
export function canonical(events: readonly SeenEvent[]): string {
  return events
    .map(({ __typename, cursor, text }) => (text === undefined ? `<${__typename} ${cursor}>` : `${text}`))
    .join('')
}

/** The text of each message by its deltas, applied by position. */
export function textsByDeltas(events: readonly SeenEvent[]): Map<string, string> {
  const texts = new Map<string, string>()
  for (const { messageId, position, text } of events) {
    if (messageId === undefined) continue
    if (text === undefined || position === undefined) texts.delete(messageId)
    else texts.set(messageId, (texts.get(messageId) ?? '').slice(0, position) + text)
  }
  return texts
}

export async function graphql<Data = Record<string, never>>(
  service: Pick<Service, 'url'>,
  query: string,
  variables: object = {},
): Promise<{ readonly data: Data; readonly errors?: Result['errors'] }> {
  const response = await fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  return (await response.json()) as { data: Data; errors?: Result['errors'] }
}

/** Dispatches and answers with the channel's id; throws on errors. */
export async function dispatch(service: Pick<Service, 'url'>, input: object = {}): Promise<string> {
  const { data, errors } = await graphql<{ dispatchConversation: { channelId: string } }>(
    service,
    'mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId } }',
    { input: { messages: [{ type: 'USER', text: 'Hello' }], ...input } },
  )
  if (errors !== undefined) throw new WatchError(errors)
  return data.dispatchConversation.channelId
}
