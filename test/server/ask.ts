import { createClient } from 'graphql-ws'
import { expect } from 'vitest'
import { WebSocket } from 'ws'
import { failures, type InputIssue } from '../../src/kernel/errors.ts'

export interface Operation {
  readonly query: string
  readonly variables?: Record<string, unknown>
  readonly operationName?: string
}

export interface Result {
  readonly data?: Record<string, unknown> | null
  readonly errors?: readonly ResultError[]
}

export interface ResultError {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions?: { readonly code?: string; readonly issues?: readonly InputIssue[] }
}

/** Sends one operation to a service and gives every result of it, however they came. */
export type Ask = (url: string, operation: Operation) => Promise<readonly Result[]>

const documentedCodes = [...Object.keys(failures), 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED']

/** The errors of a response, each with a code out of the documented table and nothing in it that was not meant for clients. */
export function documentedErrors(results: readonly Result[]): readonly ResultError[] {
  const errors = results.flatMap((result) => result.errors ?? [])
  for (const { extensions, message } of errors) {
    expect(documentedCodes, message).toContain(extensions?.code)
    expect(['code', 'issues', 'retryAfterSeconds'], message).toEqual(
      expect.arrayContaining(Object.keys(extensions ?? {})),
    )
  }
  return errors
}

export function codes(results: readonly Result[]): readonly (string | undefined)[] {
  return documentedErrors(results).map(({ extensions }) => extensions?.code)
}

export function issuePaths(results: readonly Result[]): readonly string[] {
  return documentedErrors(results).flatMap(
    ({ extensions }) => extensions?.issues?.map(({ path }) => path.join('.')) ?? [],
  )
}

export function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

const overHttp: Ask = async (url, operation) => {
  const response = await post(url, operation, { accept: 'application/graphql-response+json' })
  return [(await response.json()) as Result]
}

const overSse: Ask = async (url, operation) => {
  const response = await post(url, operation, { accept: 'text/event-stream' })
  expect(response.status).toBe(200)
  const events = [...(await response.text()).matchAll(/^event: (\w+)\ndata: ?(.*)$/gm)]
  expect(events.at(-1)?.[1]).toBe('complete')
  return events.filter(([, name]) => name === 'next').map(([, , data = '']) => JSON.parse(data) as Result)
}

const overWebsocket: Ask = async (url, operation) => {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  })
  const results: Result[] = []
  try {
    for await (const result of client.iterate(operation)) results.push(result as Result)
  } catch (errors) {
    // An `error` message comes as its array; a closed connection as anything else.
    if (!Array.isArray(errors)) throw errors
    results.push({ errors })
  } finally {
    await client.dispose()
  }
  return results
}

export const transports = { HTTP: overHttp, SSE: overSse, WebSocket: overWebsocket } as const satisfies Record<
  string,
  Ask
>

export const dispatchMutation =
  'mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId } }'

/** A dispatch of one message, watched to its end over WebSocket: what shows that a service is unharmed. */
export async function expectUnharmed(url: string): Promise<void> {
  const input = { messages: [{ type: 'USER', text: 'Hello' }], model: 'demo/delayMs=0/words=20' }
  const [accepted] = await overHttp(url, { query: dispatchMutation, variables: { input } })
  const channelId = channelIdOf(accepted)
  const query = 'subscription ($channelId: ID!) { channelEvents(channelId: $channelId) { __typename } }'
  const events = await overWebsocket(url, { query, variables: { channelId } })
  expect(events[0]?.data).toEqual({ channelEvents: { __typename: 'DispatchQueued' } })
  expect(events.at(-1)?.data).toEqual({ channelEvents: { __typename: 'DispatchCompleted' } })
}

/** Of a result of `dispatchMutation`. */
export function channelIdOf(result: Result | undefined): string {
  const payload = result?.data?.['dispatchConversation'] as { channelId: string } | null | undefined
  if (payload == null) throw new Error(`not accepted: ${JSON.stringify(result)}`)
  return payload.channelId
}
